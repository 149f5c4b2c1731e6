"""Zeek's logs: tab-separated with their header, and JSON; both give the same events."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakuho.evidence.formats.base import Part
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.network.zeek_header import ZeekHeader, ZeekReader, unescaped
from kakuho.evidence.formats.network.zeek_json import ZeekJson
from kakuho.evidence.formats.network.zeek_records import path_of, time_of
from kakuho.evidence.formats.network.zeek_tsv import ZeekTsv

from ...reading import read, read_whole, recognise, source_file
from ...samples import sample

HEADER = (
    "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n"
    "#open\t2025-03-19-00-00-00\n"
    "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes"
    "\tconn_state\ttunnel_parents\n"
    "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tcount\tstring\tset[string]\n"
)
CONNECTION = "1742342401.5\tC1\t192.0.2.7\t40000\t198.51.100.9\t443\ttcp\tssl\t1.25\t1500\t90000000\tSF\tCa,Cb\n"


def _read(tmp_path: Path, text: str) -> tuple[list[dict[str, Any]], Part]:
    path = tmp_path / "conn.log"
    path.write_text(text, encoding="utf-8")
    return read(ZeekTsv(), path)


def test_a_connection(tmp_path: Path) -> None:
    (row,), part = _read(tmp_path, HEADER + CONNECTION + "#close\t2025-03-20-00-00-00\n")
    assert row == {
        "time": dt.datetime(2025, 3, 19, 0, 0, 1, 500000),  # noqa: DTZ001 - the lake's times are UTC without a zone
        "line": 9,
        "byte_offset": len(HEADER),
        "duration_us": 1_250_000,
        "activity": "close",
        "outcome": "success",
        "protocol": "tcp",
        "application_protocol": "ssl",
        "src_ip": "192.0.2.7",
        "src_port": 40000,
        "dst_ip": "198.51.100.9",
        "dst_port": 443,
        "bytes_in": 90_000_000,
        "bytes_out": 1500,
        "connection_id": "C1",
        "unmapped": '{"conn_state":"SF","tunnel_parents":["Ca","Cb"]}',
    }
    assert (part.ignored, part.facts["zeek_closed"]) == ({"header": 9}, 1)


def test_the_header_may_change_in_mid_file(tmp_path: Path) -> None:
    second = (
        "#path\tdns\n#fields\tts\tquery\tanswers\n#types\ttime\tstring\tvector[string]\n1742342402\tキー.example\ta,b\n"
    )
    rows, part = _read(tmp_path, HEADER + CONNECTION + second)
    assert [(row["line"], row.get("event_code"), row.get("message")) for row in rows] == [
        (9, None, None),
        (13, "dns", "キー.example"),
    ]
    assert part.events == 2


def test_unset_and_empty_fields_and_escapes(tmp_path: Path) -> None:
    fields = "#fields\tts\tuser\tnote\ttags\tmissing\n#types\ttime\tstring\tstring\tset[string]\tcount\n"
    line = "1742342402\ttab\\x09here \\xe6\\xb0\\x8f\\xff\t(empty)\t(empty)\t-\n"
    (row,), _ = _read(tmp_path, HEADER.replace("conn", "notice") + fields + line)
    assert json.loads(row["unmapped"]) == {"user": "tab\there \\xe6\\xb0\\x8f\\xff", "note": "", "tags": []}


def test_what_is_no_record_is_rejected_with_the_reason(tmp_path: Path) -> None:
    wrong = CONNECTION.replace("1742342401.5", "never")
    rows, part = _read(tmp_path, HEADER + CONNECTION + "a\tb\n" + wrong + "\n" + CONNECTION[:40])
    assert len(rows) == 1
    assert [(line, reason) for line, _, reason in part.rejects] == [
        (10, "zeek_fields_differ"),
        (11, "time_not_valid"),
        (13, "line_cut_off"),
    ]
    assert part.ignored == {"header": 8, "blank": 1}


def test_types_that_no_zeek_writes_are_read_as_they_come(tmp_path: Path) -> None:
    (row,), _ = _read(tmp_path, HEADER.replace("count\tstring\tset", "count\tset[string]\tset") + CONNECTION)
    assert row["outcome"] == "success"
    (row,), _ = _read(tmp_path, HEADER.replace("set[string]", "set[" * 5_000) + CONNECTION)
    assert json.loads(row["unmapped"])["tunnel_parents"] == ["Ca", "Cb"]


def test_a_file_without_its_header_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "conn.log"
    path.write_text(CONNECTION, encoding="utf-8")
    assert recognise(ZeekTsv(), path) is None
    assert [reason for _, _, reason in read_whole(ZeekTsv(), source_file(path)).rejects] == ["zeek_header_missing"]


def test_a_block_in_mid_file_knows_the_header() -> None:
    header = ZeekHeader()
    for line in HEADER.encode().splitlines():
        header = header.after(line)
    part = ZeekTsv().read_block(LineBlock(CONNECTION.encode(), 500, 10, header), source_file(Path()).declared)
    assert part.tables["network_activity"].to_pylist()[0]["byte_offset"] == 500


def test_times_in_seconds_milliseconds_and_iso() -> None:
    expected = 1742342401500000
    assert [
        time_of(value) for value in (1742342401.5, 1742342401500, "2025-03-19T00:00:01.500000Z", "1742342401.5")
    ] == [expected] * 4
    assert [time_of(value) for value in (None, "x", float("nan"), 1e300, -1.0, True)] == [None] * 6


def test_sip_is_not_taken_for_http() -> None:
    shared = {"trans_depth": 0, "request_body_len": 0, "method": "INVITE"}
    assert path_of(shared | {"request_path": []}, "sip") == "sip"
    assert path_of(shared, "anything") == "http"


def test_the_same_records_as_json_and_as_tsv_give_the_same_rows(tmp_path: Path) -> None:
    lines = (
        sample("ocsf-examples", "raw_sample_log_dataset", "Zeek", "conn.log").read_text(encoding="utf-8").splitlines()
    )
    records = [json.loads(line) for line in lines]
    types = {
        "ts": "time",
        "uid": "string",
        "id.orig_h": "addr",
        "id.orig_p": "port",
        "id.resp_h": "addr",
        "id.resp_p": "port",
        "proto": "enum",
        "service": "string",
        "duration": "interval",
        "orig_bytes": "count",
        "resp_bytes": "count",
        "conn_state": "string",
        "local_orig": "bool",
        "history": "string",
    }
    both = [{name: record[name] for name in types if name in record} for record in records]
    as_json, as_tsv = tmp_path / "conn.json", tmp_path / "conn.log"
    as_json.write_text("".join(json.dumps(record) + "\n" for record in both), encoding="utf-8")
    head = "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n"
    head += "#fields\t" + "\t".join(types) + "\n#types\t" + "\t".join(types.values()) + "\n"
    body = "".join("\t".join(_written(record.get(name)) for name in types) + "\n" for record in both)
    as_tsv.write_text(head + body, encoding="utf-8")
    place = {"line", "byte_offset"}
    of_json, of_tsv = (
        [{name: value for name, value in row.items() if name not in place} for row in read(known, path)[0]]
        for known, path in ((ZeekJson(), as_json), (ZeekTsv(), as_tsv))
    )
    assert len(of_json) == 1250
    assert of_json == of_tsv


def _written(value: Any) -> str:
    if value is None:
        return "-"
    return {True: "T", False: "F"}[value] if isinstance(value, bool) else f"{value}"


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(
        st.binary(max_size=60)
        | st.sampled_from(
            [CONNECTION.encode(), b"#fields\tts\tx\n", b"#types\tvector[set[count]]\n", b"#separator \\x20\n"]
        )
        | st.builds(
            lambda line, at, byte: line[:at] + byte + line[at:],
            st.just(CONNECTION.encode()),
            st.integers(0, 90),
            st.binary(max_size=3),
        ),
        max_size=6,
    )
)
def test_whatever_the_lines_each_is_an_event_ignored_or_rejected(tmp_path: Path, lines: list[bytes]) -> None:
    path = tmp_path / "x.log"
    path.write_bytes(HEADER.encode() + b"\n".join(lines))
    for known in (ZeekTsv(), ZeekJson()):
        for table in read_whole(known, source_file(path)).tables.values():
            table.to_pylist()


_VALUE = st.text(st.sampled_from("0123456789.-+eTF_ ٣,x"), max_size=20) | st.sampled_from(
    ["-", "(empty)", "1e5", "nan"]
)


@given(st.lists(_VALUE, min_size=13, max_size=13))
def test_the_quick_way_gives_what_the_careful_one_gives(values: list[str]) -> None:
    header = ZeekHeader()
    for line in HEADER.replace("\ttunnel_parents", "").replace("\tset[string]", "").encode().splitlines():
        header = header.after(line)
    reader = ZeekReader(header)
    values = values[: len(header.fields)]
    assert repr(reader.record("\t".join(values))) == repr(reader._read_carefully(values))


@given(st.text())
def test_unescaping_never_fails(text: str) -> None:
    assert isinstance(unescaped(text), str)
