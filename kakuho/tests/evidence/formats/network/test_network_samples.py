"""Logs of network sensors with the events that others expect of them, field by field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kakuho.evidence.formats.network.suricata_eve import SuricataEve
from kakuho.evidence.formats.network.zeek_json import ZeekJson

from ...reading import read_whole, recognise, source_file
from ...samples import sample
from ..comparison import Comparison
from ..ecs import flat, to_millisecond, utc
from .differences import SURICATA_ELASTIC, ZEEK_ELASTIC, ZEEK_ELASTIC_INTEGRATION, ZEEK_OCSF

COLUMNS = {
    "network_activity": {
        "source.ip": "src_ip",
        "source.port": "src_port",
        "destination.ip": "dst_ip",
        "destination.port": "dst_port",
        "network.transport": "protocol",
        "network.protocol": "application_protocol",
        "zeek.session_id": "connection_id",
        "suricata.eve.flow_id": "connection_id",
    },
    "http_activity": {
        "source.ip": "src_ip",
        "source.port": "src_port",
        "http.request.method": "method",
        "http.response.status_code": "status",
        "http.request.body.bytes": "bytes_in",
        "http.response.body.bytes": "bytes_out",
        "http.version": "http_version",
        "http.request.referrer": "referrer",
        "url.domain": "host",
        "url.path": "url_path",
        "url.query": "url_query",
        "url.username": "user_name",
        "user_agent.original": "user_agent",
    },
    "base_event": {"source.ip": "src_ip"},
}
KEPT = {
    "suricata.eve.flow_id": "flow_id",
    "rule.id": "alert.signature_id",
    "rule.name": "alert.signature",
    "rule.category": "alert.category",
    "dns.question.name": "dns.rrname",
    "dns.question.type": "dns.rrtype",
    "file.size": "fileinfo.size",
    "file.path": "fileinfo.filename",
    "source.port": "src_port",
    "destination.ip": "dest_ip",
    "destination.port": "dest_port",
}
"""Their field, Suricata's own in ``unmapped``."""


def _rows(known: Any, path: Path) -> dict[int, dict[str, Any]]:
    whole = read_whole(known, source_file(path))
    return {
        row["line"]: {**row, "table": table, "unmapped": json.loads(row["unmapped"] or "{}")}
        for table, found in whole.tables.items()
        for row in found.to_pylist()
    }


def _compare(comparison: Comparison, name: str, row: dict[str, Any], their: dict[str, Any]) -> None:
    comparison.compare(name, "@timestamp", to_millisecond(row["time"]), utc(their["@timestamp"]))
    for field, column in COLUMNS[row["table"]].items():
        if field in their:
            comparison.compare(name, f"{row['table']}: {field}", row.get(column), their[field])
    if row["table"] == "network_activity" and "event.duration" in their:
        duration = (row["duration_us"] or 0) * 1000
        comparison.compare(name, "event.duration", duration, their["event.duration"] // 1000 * 1000)


def test_zeek_as_filebeat_expects_it() -> None:
    comparison = Comparison(ZEEK_ELASTIC)
    folder = sample("elastic-beats", "x-pack", "filebeat", "module", "zeek")
    paths = sorted(folder.rglob("*.log"))
    assert len(paths) == 38
    for path in paths:
        expected = json.loads(path.with_name(f"{path.name}-expected.json").read_text(encoding="utf-8"))
        rows = _rows(ZeekJson(), path)
        comparison.compare(path.name, "events", len(rows), len(expected))
        at = {row["byte_offset"]: row for row in rows.values()}
        for their in expected:
            row = at[their["log.offset"]]
            _compare(comparison, path.name, row, their)
            _compare_kept(comparison, path, row["unmapped"], their)
    comparison.check("zeek_json | elastic-beats")


def _compare_kept(comparison: Comparison, path: Path, unmapped: dict[str, Any], their: dict[str, Any]) -> None:
    """Fields that filebeat keeps under Zeek's own name, underscores for points."""
    kept = {name.replace(".", "_"): value for name, value in unmapped.items()}
    for field, value in their.items():
        name = ".".join(field.split(".")[2:]).replace(".", "_")
        if field.startswith("zeek.") and name in kept:
            comparison.compare(path.name, f"kept: {field}", kept[name], value)


def test_zeek_as_elastics_integration_expects_it() -> None:
    comparison = Comparison(ZEEK_ELASTIC_INTEGRATION)
    folder = sample("elastic-integrations", "packages", "zeek", "data_stream")
    for path in sorted(folder.glob("*/_dev/test/pipeline/*.log")):
        expected = json.loads(path.with_name(f"{path.name}-expected.json").read_text(encoding="utf-8"))["expected"]
        rows = _rows(ZeekJson(), path)
        for line, theirs in enumerate(expected, 1):
            if line in rows:
                _compare(comparison, path.name, rows[line], flat(theirs))
            else:
                comparison.compare(path.name, "event", "rejected", "event")
    comparison.check("zeek_json | elastic-integrations")


def test_suricata_as_elastic_expects_it() -> None:
    comparison = Comparison(SURICATA_ELASTIC)
    folder = sample("elastic-integrations", "packages", "suricata", "data_stream", "eve", "_dev", "test", "pipeline")
    for path in sorted(folder.glob("*.log")):
        expected = json.loads(path.with_name(f"{path.name}-expected.json").read_text(encoding="utf-8"))["expected"]
        rows = _rows(SuricataEve(), path)
        comparison.compare(path.name, "events", len(rows), len(expected))
        for line, theirs in enumerate(expected, 1):
            row, their = rows[line], flat(theirs)
            _compare(comparison, path.name, row, their)
            if row["table"] == "network_activity":
                comparison.compare(path.name, "source.bytes", row["bytes_out"], their["source.bytes"])
                comparison.compare(path.name, "destination.bytes", row["bytes_in"], their["destination.bytes"])
            kept = flat(row["unmapped"])
            for field, name in KEPT.items():
                if field in their and name in kept:
                    comparison.compare(path.name, f"kept: {name}", str(kept[name]), str(their[field]))
    comparison.check("suricata_eve | elastic-integrations")


OCSF = {
    "src_endpoint.ip": "src_ip",
    "src_endpoint.port": "src_port",
    "dst_endpoint.ip": "dst_ip",
    "dst_endpoint.port": "dst_port",
    "connection_info.protocol_name": "protocol",
    "app_name": "application_protocol",
    "traffic.bytes_in": "bytes_in",
    "traffic.bytes_out": "bytes_out",
    "metadata.uid": "connection_id",
    "http_request.http_method": "method",
    "http_request.url.hostname": "host",
    "http_request.user_agent": "user_agent",
    "http_request.referrer": "referrer",
    "http_request.version": "http_version",
    "http_response.code": "status",
}
OCSF_TABLES = {4001: "network_activity", 4002: "http_activity"}


def test_zeek_as_the_ocsf_examples_map_it(tmp_path: Path) -> None:
    comparison = Comparison(ZEEK_OCSF)
    folder = sample("ocsf-examples", "mappings", "markdown", "Zeek")
    for raw in sorted(folder.glob("*/*/samples/*.raw")):
        try:
            their = flat(json.loads(raw.with_suffix(".ocsf").read_text(encoding="utf-8")))
        except ValueError:
            continue  # smtp, rdp and dns are no strict JSON, as their SOURCE.txt says
        log = tmp_path / f"{raw.stem}.log"
        log.write_text(json.dumps(json.loads(raw.read_text(encoding="utf-8"))) + "\n", encoding="utf-8")
        row = _rows(ZeekJson(), log)[1]
        name = str(raw.relative_to(folder))
        if their["class_uid"] in OCSF_TABLES:
            comparison.compare(name, "class", row["table"], OCSF_TABLES[their["class_uid"]])
        for field, column in OCSF.items():
            if field in their and column in row:
                comparison.compare(name, field, row[column], their[field])
    comparison.check("zeek_json | ocsf-examples")


def test_every_line_of_every_log_that_zeek_writes_is_an_event() -> None:
    events = {}
    for path in sorted(sample("ocsf-examples", "raw_sample_log_dataset", "Zeek").glob("*.log")):
        found = recognise(ZeekJson(), path)
        assert found is not None, path.name
        part = read_whole(ZeekJson(), source_file(path))
        assert (part.events, part.rejects) == (part.lines, []), path.name
        events[path.stem] = part.events
    assert len(events) == 33
    assert sum(events.values()) == 3268
    assert (events["conn"], events["http"], events["x509"]) == (1250, 222, 81)
