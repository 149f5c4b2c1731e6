"""Windows events as winlogbeat writes them: the same events as in the EVTX file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakuho.evidence.formats.windows.winlogbeat_json import WinlogbeatJson

from ...reading import read_whole, recognise, source_file
from ...samples import sample
from ..comparison import Comparison
from ..ecs import flat, to_millisecond, utc
from .differences import WINLOGBEAT_JSON

COLUMNS = {
    "authentication": {
        "event.outcome": "outcome",
        "source.ip": "src_ip",
        "user.name": "user_name",
        "user.domain": "user_domain",
    },
    "process_activity": {"event.outcome": "outcome", "process.executable": "process_path", "process.pid": "pid"},
    "file_activity": {"event.outcome": "outcome", "process.executable": "process_path"},
    "base_event": {"winlog.computer_name": "host", "event.code": "event_code"},
}


def _events(path: Path) -> list[dict[str, Any]]:
    whole = read_whole(WinlogbeatJson(), source_file(path))
    assert whole.rejects == []
    rows = [
        {**row, "table": table}
        for table, found in whole.tables.items()
        if table != "sequence"
        for row in found.to_pylist()
    ]
    return sorted(rows, key=lambda row: row["line"])


def test_security_events_of_the_agent_as_elastic_expects_them(tmp_path: Path) -> None:
    comparison = Comparison(WINLOGBEAT_JSON)
    folder = sample("elastic-integrations", "packages", "system", "data_stream", "security", "_dev", "test", "pipeline")
    for path in sorted(folder.glob("test-*.json")):
        if path.name.endswith("-expected.json"):
            continue
        events = json.loads(path.read_text(encoding="utf-8"))["events"]
        expected = json.loads(path.with_name(f"{path.name}-expected.json").read_text(encoding="utf-8"))["expected"]
        lines = tmp_path / "events.ndjson"
        lines.write_text("".join(json.dumps(event) + "\n" for event in events), encoding="utf-8")
        rows = _events(lines)
        comparison.compare(path.name, "events", len(rows), len(expected))
        for row, event, theirs in zip(rows, events, expected, strict=True):
            their, unmapped = flat(theirs), json.loads(row["unmapped"])
            comparison.compare(path.name, "@timestamp", to_millisecond(row["time"]), utc(their["@timestamp"]))
            comparison.compare(path.name, "event.code", str(unmapped["EventID"]), str(their["event.code"]))
            for field, column in COLUMNS[row["table"]].items():
                if field in their:
                    comparison.compare(path.name, f"{row['table']}: {field}", row.get(column), their[field])
            for name, value in (event["winlog"].get("event_data") or {}).items():
                comparison.compare(path.name, "event_data as it was sent", unmapped[name], value)
    comparison.check("winlogbeat_json | elastic-integrations")


def test_recognised_by_the_event_under_winlog(tmp_path: Path) -> None:
    path = tmp_path / "events.ndjson"
    path.write_text('{"winlog": {"event_id": 4624}}\n', encoding="utf-8")
    found = recognise(WinlogbeatJson(), path)
    assert found is not None
    assert found.confidence == 1.0
    path.write_text('{"winlog": "none"}\n', encoding="utf-8")
    assert recognise(WinlogbeatJson(), path) is None


EVENT = {
    "@timestamp": "2025-03-19T00:00:01Z",
    "winlog": {
        "event_id": 104,
        "provider_name": "Microsoft-Windows-Eventlog",
        "channel": "System",
        "record_id": 7,
        "computer_name": "dc",
        "user_data": {"Channel": "Application", "SubjectUserName": "x"},
    },
}


def test_a_cleared_log_is_named_with_its_time(tmp_path: Path) -> None:
    path = tmp_path / "events.ndjson"
    path.write_text(json.dumps(EVENT), encoding="utf-8")
    whole = read_whole(WinlogbeatJson(), source_file(path))
    assert whole.facts["log_cleared"] == [{"time": "2025-03-19T00:00:01.000000Z", "log": "Application"}]
    (number,) = whole.tables["sequence"].to_pylist()
    assert (number["stream"], number["number"]) == ("dc/System", 7)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    event_id=st.sampled_from([4624, 4688, 4663, 5145, 5156, 104, 33205, 18456, "4624", None, []]),
    data=st.dictionaries(
        st.sampled_from(
            ["TargetUserName", "IpAddress", "IpPort", "ProcessId", "AccessMask", "ObjectType", "Data", "x"]
        ),
        st.none() | st.text(max_size=5) | st.integers() | st.lists(st.text(max_size=3), max_size=2) | st.just({"a": 1}),
    ),
    provider=st.sampled_from(["Microsoft-Windows-Security-Auditing", "MSSQLSERVER", None, 7, []]),
)
def test_values_of_any_type_become_an_event_or_a_reject(
    tmp_path: Path, event_id: Any, data: Any, provider: Any
) -> None:
    path = tmp_path / "events.ndjson"
    winlog = {"event_id": event_id, "provider_name": provider, "event_data": data, "keywords": data.get("x")}
    path.write_text(json.dumps({"@timestamp": "2025-03-19T00:00:01Z", "winlog": winlog}), encoding="utf-8")
    whole = read_whole(WinlogbeatJson(), source_file(path))
    for table in whole.tables.values():
        table.to_pylist()
