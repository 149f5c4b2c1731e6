"""EVTX files of others: every count and every value that somebody else states of them."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kakuho.evidence.formats.windows.evtx import Evtx

from ...reading import read_whole, recognise, source_file
from ...samples import sample
from ..comparison import Comparison
from .differences import SIGMA_REGRESSION
from .reading_evtx import events_of

PARSER = ("evtx-parser", "samples")


@pytest.mark.parametrize("folder", ["evtx-attack-samples", "hayabusa-evtx", "evtx-to-mitre"])
def test_events_by_id_channel_first_and_last_time_of_every_file(folder: str) -> None:
    comparison = Comparison(())
    with sample(folder, "EVENTS.csv").open(encoding="utf-8") as file:
        for stated in csv.DictReader(file):
            events = events_of(sample(folder, stated["file"]))
            ids = Counter(str(event["unmapped"]["EventID"]) for event in events)
            channels = {str(_system(event, "Channel")) for event in events}
            expected = {one.split(":")[0]: int(one.split(":")[1]) for one in stated["event_id:count"].split()}
            times = [event["time"] for event in events]
            name = stated["file"]
            comparison.compare(name, "records", len(events), int(stated["records"]))
            comparison.compare(name, "ids", dict(ids), expected)
            comparison.compare(name, "channel", channels, set(re.split(r"[;|] ?", stated["channel"])))
            if events and not any(event["table"] == "datastore_activity" for event in events):
                comparison.compare(name, "first", _stamp(min(times)), stated["first_TimeCreated"])
                comparison.compare(name, "last", _stamp(max(times)), stated["last_TimeCreated"])
    comparison.check(f"windows_evtx | {folder}")


def _system(event: dict[str, Any], name: str) -> Any:
    """A value of System: data of the same name (the log that was cleared) puts it under ``System_…``."""
    return event["unmapped"].get(f"System_{name}", event["unmapped"][name])


def _stamp(time: Any) -> str:
    return f"{time.isoformat(timespec='microseconds')}Z"


def test_every_value_of_the_events_that_sigma_rules_must_match() -> None:
    comparison = Comparison(SIGMA_REGRESSION)
    folder = sample("sigma-regression", "regression_data")
    files = sorted(folder.rglob("*.evtx"))
    assert len(files) == 202
    for path in files:
        stated = _objects(path.with_suffix(".json").read_text(encoding="utf-8-sig"))
        events = events_of(path)
        comparison.compare(path.stem, "events", len(events), len(stated))
        for ours, theirs in zip(events, stated, strict=False):
            _compare(comparison, path, ours, theirs["Event"])
    comparison.check("windows_evtx | sigma-regression")


def _compare(comparison: Comparison, path: Path, ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    system, data = theirs["System"], theirs.get("EventData") or {}
    unmapped = ours["unmapped"]
    for name in ("EventID", "Version", "Level", "Task", "Opcode", "Keywords", "EventRecordID", "Channel", "Computer"):
        value = system[name]["#text"] if isinstance(system[name], dict) else system[name]
        comparison.compare(path.stem, name, _system(ours, name), value)
    for name, value in data.items():
        if name not in {"#attributes", "Data"}:
            comparison.compare(path.stem, f"EventData.{name}", unmapped.get(name), value)
    if "Data" in data:
        texts = data["Data"]["#text"] if isinstance(data["Data"], dict) else data["Data"]
        comparison.compare(path.stem, "Data", unmapped["Data"], texts if isinstance(texts, list) else [texts])


def _objects(text: str) -> list[dict[str, Any]]:
    """JSON objects that run together, or a list of them."""
    found: list[dict[str, Any]] = []
    at = 0
    while at < len(text := text.rstrip()):
        value, end = json.JSONDecoder().raw_decode(text, at)
        found += value if isinstance(value, list) else [value]
        at = end + len(text[end:]) - len(text[end:].lstrip(" \r\n\t,"))
    return found


@pytest.mark.parametrize(
    ("name", "events", "rejects"),
    [
        ("security.evtx", 2261, []),
        ("Application_no_crc32.evtx", 17, []),
        ("Security_with_size_t.evtx", 636, []),
        ("Security_short_selected.evtx", 7, []),
        ("new-user-security.evtx", 4, []),
        ("MSExchange_Management_wec.evtx", 1, []),
        ("issue_201.evtx", 1, []),
        ("security_bad_string_cache.evtx", 2261, []),
        ("E_Windows_system32_winevt_logs_Microsoft-Windows-CAPI2%4Operational.evtx", 340, []),
        # Upstream reads as many. We say besides that the header counts more: what follows the last record is no record.
        ("Microsoft-Windows-HelloForBusiness%4Operational.evtx", 6, ["record_damaged"]),
        ("Microsoft-Windows-LanguagePackSetup%4Operational.evtx", 17, ["record_damaged"]),
        # Upstream: 335 and the bad one; the 114 records behind the bad one are in its chunk, and we go on to them.
        ("sample-with-zero-data-size-event.evtx", 449, ["record_damaged"]),
        # Upstream: 270 and two bad chunks. We read what is left in those, where its templates were not lost with the
        # rest of the chunk, and name every chunk that is gone.
        ("sample_with_a_bad_chunk_magic.evtx", 301, ["chunk_lost"] * 10 + ["record_damaged"] * 89),
    ],
)
def test_records_of_the_parsers_own_samples(name: str, events: int, rejects: list[str]) -> None:
    part = read_whole(Evtx(), source_file(sample(*PARSER, name)))
    assert part.events == events
    assert sorted(reason for _, _, reason in part.rejects) == rejects


SNAPSHOTS = {
    "event_json_sample": ("security.evtx", 1),
    "event_json_with_multiple_data_elements-2": ("MSExchange_Management_wec.evtx", 3229),
    "event_json_multiple_empty_data_nodes_not_ignored": ("issue_201.evtx", 3229),
    "event_json_with_size_t": ("Security_with_size_t.evtx", 196),
    "event_json_missing_string_cache_entry": ("security_bad_string_cache.evtx", 1),
    "event_json_with_multiple_nodes_same_name": (
        "E_Windows_system32_winevt_logs_Microsoft-Windows-CAPI2%4Operational.evtx",
        28,
    ),
}


@pytest.mark.parametrize("snapshot", sorted(SNAPSHOTS))
def test_a_record_as_the_parsers_snapshot_states_it(snapshot: str) -> None:
    name, record_id = SNAPSHOTS[snapshot]
    text = sample("evtx-parser", "tests", "snapshots", f"test_record_samples__{snapshot}.snap").read_text(
        encoding="utf-8"
    )
    event = json.loads(text.split("---\n", 2)[2])["Event"]
    (ours,) = [one for one in events_of(sample(*PARSER, name)) if one["unmapped"]["EventRecordID"] == record_id]
    unmapped = ours["unmapped"]
    assert unmapped["Channel"] == event["System"]["Channel"]
    assert unmapped["Computer"] == event["System"]["Computer"]
    expected = event.get("EventData") or next(iter((event.get("UserData") or {"": {}}).values()))
    for key, value in expected.items():
        stated = value["#text"] if key == "Data" else value
        assert unmapped[key] == stated


def test_trailing_spaces_of_a_value_stay() -> None:
    (event,) = [one for one in events_of(sample(*PARSER, "security.evtx")) if one["unmapped"]["EventRecordID"] == 2260]
    text = sample(
        "evtx-parser",
        "tests",
        "snapshots",
        "test_record_samples__event_xml_sample_with_string_with_trailing_spaces.snap",
    )
    assert '<Data Name="LogonProcessName">Advapi  </Data>' in text.read_text(encoding="utf-8")
    assert event["unmapped"]["LogonProcessName"] == "Advapi  "


def test_dissects_sample_has_five_records() -> None:
    path = sample("dissect-target", "tests", "_data", "plugins", "os", "windows", "log", "evtx", "TestLogX.evtx")
    if not path.exists():
        path = next(sample("dissect-target").rglob("TestLogX.evtx"))
    assert read_whole(Evtx(), source_file(path)).events == 5


def test_every_evtx_is_recognised_and_nothing_else_is() -> None:
    known = Evtx()
    for path in sample("hayabusa-evtx").rglob("*"):
        if path.is_file():
            found = recognise(known, path)
            assert (found is not None) == (path.suffix == ".evtx")
