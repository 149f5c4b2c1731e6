"""What reads the regular form of a line at once gives what the reading of any line gives."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakuho.evidence.formats.web import aws_elb_log, haproxy_log, requests
from kakuho.evidence.formats.web.lines import table_of_events

from .lines_of_each import LINES

_SIGNS = ['"', "\\", " ", "-", "/", "?", ":", "[", "]", "1", "0.5", "\x1c", "全", ":80", " -/1/2/3/4 x", "99999", "#"]


@st.composite
def _mutated(draw: st.DrawFn, lines: list[str]) -> str:
    """A line with up to three signs put in, or in the place of a few of its own."""
    line = draw(st.sampled_from(lines))
    for _ in range(draw(st.integers(0, 3))):
        place, length = draw(st.integers(0, len(line))), draw(st.integers(0, 3))
        line = line[:place] + draw(st.sampled_from(_SIGNS)) + line[place + length :]
    return line


@given(_mutated(LINES["aws_elb_log"]))
def test_a_regular_elb_line_reads_as_its_columns_do(line: str) -> None:
    regular = aws_elb_log._regular_event(line)
    if regular is None:
        return
    careful = aws_elb_log._event_of_tokens(line, None)
    assert isinstance(careful, dict)
    place = {"line": 1, "byte_offset": 0}
    one, other = (table_of_events("http_activity", [{**event, **place}]) for event in (regular, careful))
    assert one.to_pylist() == other.to_pylist()


@given(_mutated(LINES["haproxy_log"]))
def test_a_regular_haproxy_line_has_the_groups_of_any(line: str) -> None:
    header = haproxy_log._HEADER.match(line)
    begin = header.end() if header else 0
    regular = haproxy_log._REGULAR_HTTP.fullmatch(line, begin)
    if regular is not None:
        careful = haproxy_log._HTTP.fullmatch(line, begin)
        assert careful is not None
        assert regular.groups() == careful.groups()


@given(_mutated(["GET /a?b=c HTTP/1.1", "POST /あ HTTP/2.0", "GET /a b HTTP/1.0", "GET /", "-"]))
def test_a_regular_request_line_is_split_as_any(line: str) -> None:
    at_once = requests.split_request(line)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests, "_REGULAR_REQUEST", re.compile(r"(?!)"))
        by_steps = requests.split_request(line)
    assert {key: value for key, value in at_once.items() if value is not None} == {
        key: value for key, value in by_steps.items() if value is not None
    }


@pytest.mark.parametrize("line", LINES["aws_elb_log"])
def test_the_lines_of_load_balancers_are_regular(line: str) -> None:
    assert aws_elb_log._regular_event(line) is not None
