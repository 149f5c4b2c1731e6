"""A process that reads blocks loads what its format needs, and no more: it is started anew for every large intake."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from kakuho.evidence.block_tasks import BlockOnItsWay
from kakuho.evidence.formats import FORMATS, Declared
from kakuho.evidence.formats.base import ReadsBlocks
from kakuho.evidence.formats.registry import Formats
from kakuho.evidence.parsing import PartPlace, _read_block
from kakuho.evidence.pool import _Workers

from .reading import source_file

ACCESS = '10.0.0.7 - - [19/Mar/2025:09:00:01 +0900] "GET / HTTP/1.1" 200 512 "-" "UA"\nno line of it\n'
SYSLOG = "Mar 19 09:00:01 web1 sshd[812]: Failed password for root from 203.0.113.9 port 51515 ssh2\n"
HEAVY = {"pandas", "duckdb", "ibis", "sqlglot", "psycopg", "typst", "pydantic", "typer", "rich", "evtx", "zstandard"}


@pytest.mark.parametrize(
    ("name", "text", "other"),
    [
        ("access_log", ACCESS, "kakuho.evidence.formats.database.postgresql_csvlog"),
        ("postgresql_csvlog", SYSLOG, "kakuho.evidence.formats.web.access_log"),
        ("auth_log", SYSLOG, "kakuho.evidence.formats.windows.evtx"),
    ],
)
def test_a_process_loads_its_format_alone(tmp_path: Path, name: str, text: str, other: str) -> None:
    log = tmp_path / "log"
    log.write_text(text, encoding="utf-8")
    known = FORMATS[name]
    assert isinstance(known, ReadsBlocks)
    block = next(iter(known.blocks(source_file(log))))
    workers = _Workers()
    try:
        read = partial(_read_block, name, Declared("UTC"), PartPlace(tmp_path, 1))
        assert workers.run(read, (0, BlockOnItsWay(block))).lines == text.count("\n")
        loaded = set(workers.run(eval, "list(__import__('sys').modules)"))
    finally:
        workers.close()
    assert type(known).__module__ in loaded and other not in loaded
    assert loaded & HEAVY == set()


def test_names_are_listed_without_any_format() -> None:
    known = Formats({"one": "kakuho.no_such_module:One", "two": "kakuho.evidence.formats.unknown:Unknown"})
    assert list(known) == ["one", "two"] and "one" in known and "three" not in known
    assert known["two"] is known["two"] and known["two"].name == "unknown"
    with pytest.raises(ModuleNotFoundError):
        known["one"]
    with pytest.raises(KeyError):
        known["three"]


def test_every_format_is_listed_under_its_own_name() -> None:
    assert [known.name for known in FORMATS.values()] == list(FORMATS)
    assert len(FORMATS) == 41
