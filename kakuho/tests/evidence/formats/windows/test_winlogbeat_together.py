"""Lines of winlogbeat read together by their shape give what they give one by one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakuho.evidence.formats import json_shapes
from kakuho.evidence.formats.base import NOTHING_DECLARED, Part
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.windows.winlogbeat_json import WinlogbeatJson

EVENT: dict[str, Any] = {
    "@timestamp": "2025-03-19T00:00:00.125Z",
    "log": {"level": "information"},
    "winlog": {
        "channel": "Security",
        "computer_name": "dc1.shop.example",
        "event_id": "4624",
        "keywords": ["Audit Success"],
        "provider_name": "Microsoft-Windows-Security-Auditing",
        "record_id": 1,
        "task": "Logon",
        "process": {"pid": 700, "thread": {"id": 4}},
        "event_data": {"TargetUserName": "hanako", "IpAddress": "192.0.2.7", "IpPort": "6928"},
    },
}
CHANGES: list[tuple[str, Any]] = [
    ("event_id", "4625"),
    ("event_id", 4625),
    ("event_id", "007"),
    ("event_id", ""),
    ("event_id", "1102"),
    ("record_id", 17),
    ("record_id", "18"),
    ("keywords", ["Audit Failure"]),
    ("keywords", ["Audit Failure", "Classic"]),
    ("keywords", "0x8010000000000000"),
    ("provider_name", "Microsoft-Windows-Eventlog"),
    ("provider_name", ""),
    ("computer_name", "サーバー"),
    ("computer_name", None),
    ("time_created", "2025-03-19T09:00:00.1234567+09:00"),
    ("time_created", "2025-03-19T09:00:00.123456789Z"),
    ("task", "-"),
    ("event_data", {"TargetUserName": "SHOP\\taro", "IpAddress": "-", "IpPort": "0"}),
    ("event_data", {"TargetUserName": 7, "IpAddress": ["x"], "IpPort": "http"}),
    ("event_data", {"Data": ["a", "b\n"]}),
]


def _part(lines: list[bytes], *, together: bool) -> Part:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_shapes, "LEAST_OBJECTS", 3 if together else 1 << 40)
        return WinlogbeatJson().read_block(LineBlock(b"\n".join(lines) + b"\n", 0, 1), NOTHING_DECLARED)


@given(st.data())
@settings(max_examples=120, deadline=None)
def test_both_ways_give_the_same(data: st.DataObject) -> None:
    always = dict(data.draw(st.lists(st.sampled_from(CHANGES), max_size=2)))
    lines = []
    for number in range(data.draw(st.integers(1, 30))):
        change = {} if data.draw(st.booleans()) else dict([data.draw(st.sampled_from(CHANGES))])
        event = EVENT | {"winlog": EVENT["winlog"] | {"record_id": number} | always | change}
        if not data.draw(st.integers(0, 9)):
            event |= {"log": {"level": data.draw(st.sampled_from(["warning", "", "花", 3, None]))}}
        line = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        lines.append(data.draw(st.sampled_from([line] * 12 + [b"", line[:-9], line.replace(b"hanako", b"\xff")])))
    together, one_by_one = _part(lines, together=True), _part(lines, together=False)
    assert together.tables.keys() == one_by_one.tables.keys()
    for name, table in one_by_one.tables.items():
        for column in table.schema.names:
            assert together.tables[name][column].to_pylist() == table[column].to_pylist(), (name, column)
    for what in ("lines", "events", "ignored", "rejects", "facts"):
        assert getattr(together, what) == getattr(one_by_one, what)
    assert together.lines == together.events + len(together.rejects) + together.ignored.total()
