"""What can have gone out with an answer, by its method, status and bytes."""

from __future__ import annotations

import ibis
import pyarrow as pa
import pytest

from kakuho.exposure.methods.answers import answered

REQUESTS = pa.schema(
    [("method", pa.string()), ("url_path", pa.string()), ("status", pa.int32()), ("bytes_out", pa.int64())]
)


def _how(method: str, status: int | None, sent: int | None, *, nothing: bool = False) -> str | None:
    row = {"method": method, "url_path": "/staff/holder/7", "status": status, "bytes_out": sent}
    table = ibis.memtable(pa.Table.from_pylist([row], schema=REQUESTS))
    found: list[str] = answered(table, errors_show_nothing=nothing).to_pyarrow()["how"].to_pylist()
    return found[0] if found else None


@pytest.mark.parametrize("status", [200, 201, 203, 299])
def test_a_success_with_a_body_is_the_page(status: int) -> None:
    assert _how("GET", status, 900) == "whole"
    assert _how("POST", status, None) == "whole"


@pytest.mark.parametrize(
    ("method", "status", "sent"),
    [
        ("HEAD", 200, 900),  # RFC 9110 9.3.2: what it counts are header fields, or what GET would have sent
        ("GET", 201, 0),
        ("GET", 204, 12),
        ("GET", 304, 180),  # 15.4.5: some servers count the header fields
        ("GET", 101, 40),
        ("GET", 499, 0),
        ("GET", 404, 5_000),
        ("GET", 403, 5_000),
        ("GET", 502, 157),
        ("GET", 302, 220),
        ("GET", 301, None),
    ],
)
def test_nothing_of_the_page_went_out(method: str, status: int, sent: int | None) -> None:
    assert _how(method, status, sent) is None


@pytest.mark.parametrize(("status", "how"), [(200, "whole"), (206, "part")])
def test_no_bytes_may_be_a_file_that_the_kernel_sent(status: int, how: str) -> None:
    assert _how("GET", status, 0) == how


@pytest.mark.parametrize(("status", "sent"), [(206, 100), (499, 65_536), (408, 300)])
def test_a_range_and_a_transfer_that_broke_off_are_a_part_of_the_page(status: int, sent: int) -> None:
    assert _how("GET", status, sent) == "part"


@pytest.mark.parametrize(("status", "sent"), [(302, 48_000), (500, 60_000), (500, None), (400, 2_000), (422, 900)])
def test_a_redirect_longer_than_its_note_and_an_error_can_hold_the_page(status: int, sent: int | None) -> None:
    assert _how("GET", status, sent) == "error"
    assert _how("GET", status, sent, nothing=True) is None


def test_a_log_without_statuses_rules_nothing_out() -> None:
    assert _how("GET", None, 900) == "whole"
    assert _how("GET", None, None) == "whole"
    assert _how("GET", None, 0) == "whole"
