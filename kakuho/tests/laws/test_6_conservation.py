"""Law 6: lines in = events + rejected + ignored, whatever lines were damaged, cut out or put in."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from kakuho.evidence.content import PlainContent
from kakuho.evidence.formats import FORMATS, Part, SourceFile
from kakuho.evidence.formats.base import NOTHING_DECLARED

MODIFIED = datetime(2025, 4, 22, tzinfo=UTC)
GOOD = '203.0.113.7 - - [19/Mar/2025:00:00:{:02d} +0000] "GET /me HTTP/1.1" 200 900 "-" "Mozilla/5.0" 5000'
OTHERS = [
    "",
    " ",
    "#Fields: date time",
    "\x00\x00\x00",
    '203.0.113.7 - - [19/Mar/2025:00:00:01 +0000] "GET /me',
    "住所",
]
lines = st.lists(st.one_of(st.integers(0, 59).map(GOOD.format), st.sampled_from(OTHERS)), min_size=1, max_size=40)


def counted(text: str) -> tuple[int, int]:
    """Lines of the file, and what became of them: events, rejected and ignored together."""
    with tempfile.TemporaryDirectory(prefix="kakuho-test-") as folder:
        path = Path(folder) / "access.log"
        path.write_text(text, encoding="utf-8")
        source = SourceFile(PlainContent(path), path.name, MODIFIED, "", NOTHING_DECLARED)
        parts: list[Part] = list(FORMATS["access_log"].parse(source))
    told = sum(part.events + len(part.rejects) + part.ignored.total() for part in parts)
    return sum(part.lines for part in parts), told


@given(lines, st.booleans())
def test_6_every_line_is_an_event_rejected_or_ignored(written: list[str], ended: bool) -> None:
    text = "\n".join(written) + ("\n" if ended else "")
    in_the_file = len(written) if ended or written[-1] else len(written) - 1
    assert counted(text) == (in_the_file, in_the_file)
