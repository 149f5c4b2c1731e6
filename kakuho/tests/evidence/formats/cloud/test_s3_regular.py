"""S3's access log: what is read column by column is what the careful reading gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakuho.evidence.formats import Declared, Part
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.cloud.s3_access_log import S3AccessLog
from kakuho.evidence.formats.cloud.s3_regular import RegularLines

GET = (
    "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be shop-bucket [19/Mar/2025:00:00:38 +0000] "
    "192.0.2.3 arn:aws:iam::123456789012:user/web 3E57427F3EXAMPLE REST.GET.OBJECT photos/2025/08/puppy.jpg "
    '"GET /shop-bucket/photos/2025/08/puppy.jpg?x-foo=bar HTTP/1.1" 200 - 2662992 3462992 70 10 "-" '
    '"curl/8.5.0 (x86; あ)" Ke1bUcazaN1jWuUlPJaxF64cQVpUEhoZ hostid= SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader '
    "shop-bucket.s3.ap-northeast-1.amazonaws.com TLSV1.2 - Yes"
)
DELETE = (
    "36c1f05b76016b78528454e6e0c60e2b shop-bucket [19/Mar/2025:00:00:39 +0900] - svc:lifecycle 8CD7A4A71E2E5C9E "
    "BATCH.DELETE.OBJECT puppy.jpg - 204 NoSuchKey - 0344017 - - - - -"
)
LINES = (GET, DELETE)


def _both(text: str) -> tuple[Part, Part]:
    """The lines read as ever, and by the careful reading alone."""
    block = LineBlock(text.encode("utf-8", "surrogatepass"), 0, 1)
    as_ever = S3AccessLog().read_block(block, Declared())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RegularLines, "take", lambda *_: False)
        carefully = S3AccessLog().read_block(block, Declared())
    return as_ever, carefully


def _told(part: Part) -> tuple[object, ...]:
    rows = [row for table in part.tables.values() for row in table.to_pylist()]
    return rows, part.events, dict(part.ignored), sorted(part.rejects), part.facts


def test_both_lines_are_regular() -> None:
    regular = RegularLines(Part())
    assert [regular.take(line, 1, 0) for line in LINES] == [True, True]
    first, second = regular.table().to_pylist()
    assert first["url_path"] == "/shop-bucket/photos/2025/08/puppy.jpg"
    assert first["host"] == "shop-bucket.s3.ap-northeast-1.amazonaws.com"
    assert second["unmapped"] == (
        '{"bucket":"shop-bucket","bucket_owner":"36c1f05b76016b78528454e6e0c60e2b","error_code":"NoSuchKey",'
        '"key":"puppy.jpg","object_size":344017,"operation":"BATCH.DELETE.OBJECT","request_id":"8CD7A4A71E2E5C9E"}'
    )


def test_a_day_that_is_none_is_rejected_either_way() -> None:
    as_ever, carefully = _both(GET.replace("19/Mar", "31/Feb") + "\n" + DELETE)
    assert as_ever.rejects == carefully.rejects == [(1, 0, "time_not_valid")]
    assert [row["line"] for row in as_ever.tables["http_activity"].to_pylist()] == [2]


_SIGNS = ['"', "\\", " ", "-", "?", "%", "[", "0", "\x1c", "\x7f", "全", " HTTP/1.1", "9" * 16, "&", "３", '""', "\t"]


@st.composite
def _mutated(draw: st.DrawFn) -> str:
    line = draw(st.sampled_from(LINES))
    for _ in range(draw(st.integers(0, 4))):
        place, length = draw(st.integers(0, len(line))), draw(st.integers(0, 3))
        line = line[:place] + draw(st.sampled_from(_SIGNS)) + line[place + length :]
    return line


@given(st.lists(_mutated(), min_size=1, max_size=4))
def test_both_readings_give_the_same(lines: list[str]) -> None:
    as_ever, carefully = _both("\n".join(lines))
    assert _told(as_ever) == _told(carefully)
