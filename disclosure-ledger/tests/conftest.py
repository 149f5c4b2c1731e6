"""A ledger to write to, and a disk that fills up."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from disclosure_ledger import Actor, Disclosure, Event, Ledger

Record = Callable[..., Event]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "ledger"


@pytest.fixture
def record() -> Record:
    """``record(ledger, 12)`` notes that policyholder 12 read their own profile."""

    def record_one(ledger: Ledger, key: int = 12, **changes: Any) -> Event:
        arguments: dict[str, Any] = {
            "actor": Actor("policyholder", "account:17", subject=f"policyholder:{key}"),
            "disclosures": [Disclosure(f"policyholder:{key}", ["name", "phone"], ["bank_account"])],
            "method": "GET",
            "route": "/mypage/profile/",
            "status": 200,
            "purpose": "self_service",
            "address": "192.0.2.7",
            "session": "0123456789abcdef",
            "request": "9f2c",
        }
        return ledger.record(**(arguments | changes))

    return record_one


@pytest.fixture
def full_disk() -> Callable[[int], AbstractContextManager[None]]:
    """``with full_disk(4096):`` the operating system takes no byte of a file beyond that size."""

    @contextmanager
    def limit(size: int) -> Iterator[None]:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    return limit
