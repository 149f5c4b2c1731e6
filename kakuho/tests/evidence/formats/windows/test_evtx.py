"""EVTX: what events become, and what is said of files that are damaged. Files are cut out of the samples of others."""

from __future__ import annotations

import itertools
import struct
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakuho.evidence.formats.base import Part
from kakuho.evidence.formats.windows.evtx import Evtx
from kakuho.evidence.formats.windows.evtx_chunks import CHUNK_SIZE, HEADER_SIZE, file_header, record_at, survey

from ...reading import read_whole, source_file
from ...samples import sample
from .reading_evtx import events_of

SECURITY = ("evtx-parser", "samples", "security.evtx")
WINLOGBEAT = ("elastic-winlogbeat", "x-pack", "winlogbeat", "module")


def _read(tmp_path: Path, data: bytes) -> Part:
    path = tmp_path / "log.evtx"
    path.write_bytes(data)
    return read_whole(Evtx(), source_file(path))


def _security(chunks: int) -> bytearray:
    """The first chunks of a Security log, with a header that counts them."""
    data = bytearray(sample(*SECURITY).read_bytes()[: HEADER_SIZE + chunks * CHUNK_SIZE])
    struct.pack_into("<H", data, 42, chunks)
    return data


def test_a_logon_that_was_refused() -> None:
    path = sample(*WINLOGBEAT, "security", "test", "testdata", "security-windows2012r2-logon.evtx")
    refused = next(event for event in events_of(path) if event["outcome"] == "failure")
    first = {name: value for name, value in refused.items() if value is not None and name not in {"unmapped", "time"}}
    assert first == {
        "table": "authentication",
        "line": 18,
        "byte_offset": first["byte_offset"],
        "host": "vagrant-2012-r2",
        "service": "Microsoft-Windows-Security-Auditing",
        "activity": "logon",
        "outcome": "failure",
        "user_name": "bosch",
        "user_domain": "VAGRANT-2012-R2",
        "src_ip": "::1",
        "src_port": 0,
        "auth_protocol": "Negotiate",
        "logon_type": "2",
    }


def test_a_cleared_log_is_told_with_its_time() -> None:
    path = sample(*WINLOGBEAT, "security", "test", "testdata", "1102.evtx")
    part = read_whole(Evtx(), source_file(path))
    (event,) = events_of(path)
    assert part.facts["log_cleared"] == [{"time": "2019-11-07T10:34:29.055919Z", "log": "Security"}]
    assert (event["table"], event["event_code"], event["user_name"]) == ("base_event", "1102", "Administrator")


def test_sql_server_audit_records_are_database_activity() -> None:
    folder = sample("evtx-to-mitre")
    events = [event for path in folder.rglob("ID33205*.evtx") for event in events_of(path)]
    assert {event["table"] for event in events} == {"datastore_activity"}
    (added,) = events_of(next(folder.rglob("ID33205-SQL Server member added to database role.evtx")))
    assert (added["command"], added["outcome"], added["kind"]) == ("APRL", "success", "other")
    assert added["statement"].startswith("ALTER ROLE [db_accessadmin] ADD MEMBER")
    assert added["unmapped"]["EventID"] == 33205


def test_record_numbers_are_a_sequence_of_the_computers_channel(tmp_path: Path) -> None:
    part = _read(tmp_path, bytes(_security(2)))
    rows = part.tables["sequence"].to_pylist()
    assert {row["stream"] for row in rows} == {"37L4247F27-25/Security", "WIN-03DLIIOFRRA/Security"}  # it was renamed
    assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))


def test_every_record_stands_at_its_offset(tmp_path: Path) -> None:
    data = bytes(_security(2))
    part = _read(tmp_path, data)
    for row in part.tables["sequence"].to_pylist():
        entry = record_at(data[row["byte_offset"] :], 0)
        assert entry is not None
        assert entry.number == row["number"]


def test_the_file_that_was_cut_gives_what_stands_before_the_cut(tmp_path: Path) -> None:
    whole = _read(tmp_path, bytes(_security(2))).events
    part = _read(tmp_path, bytes(_security(2))[: HEADER_SIZE + CHUNK_SIZE + 30_000])
    assert 90 < part.events < whole
    assert [reason for _, _, reason in part.rejects] == ["record_damaged"]
    assert part.facts["chunks_damaged"] == 1
    assert part.facts["header_chunks"] == 2


def test_a_chunk_that_is_gone_is_counted_against_the_header(tmp_path: Path) -> None:
    data = _security(3)
    data[HEADER_SIZE + CHUNK_SIZE : HEADER_SIZE + 2 * CHUNK_SIZE] = bytes(CHUNK_SIZE)
    part = _read(tmp_path, bytes(data))
    assert [(offset, reason) for _, offset, reason in part.rejects] == [(HEADER_SIZE + CHUNK_SIZE, "chunk_lost")]
    assert part.facts["chunks_lost"] == 1
    numbers = [row["number"] for row in part.tables["sequence"].to_pylist()]
    assert [after for before, after in itertools.pairwise(numbers) if after != before + 1] == [178]


def test_a_changed_byte_is_told_by_the_checksum_and_costs_one_record_at_most(tmp_path: Path) -> None:
    data = _security(1)
    whole = _read(tmp_path, bytes(data))
    assert whole.facts["checksums_wrong"] == 0
    data[HEADER_SIZE + 2000] ^= 0xFF
    part = _read(tmp_path, bytes(data))
    assert part.facts["checksums_wrong"] == 1
    assert part.events >= whole.events - 1


def test_a_lost_file_header_does_not_keep_the_chunks_from_being_read(tmp_path: Path) -> None:
    data = _security(1)
    data[:HEADER_SIZE] = bytes(HEADER_SIZE)
    part = _read(tmp_path, bytes(data))
    assert part.events == len(survey(bytes(data[HEADER_SIZE:]), is_expected=True).entries) > 50
    assert file_header(bytes(data)) is None


def test_records_behind_what_a_stale_chunk_header_counts_are_read(tmp_path: Path) -> None:
    """A log that was copied while Windows wrote it: the records go on, the header does not know yet."""
    data = _security(1)
    whole = _read(tmp_path, bytes(data)).events
    last = survey(bytes(data[HEADER_SIZE:]), is_expected=True).entries[-3]
    struct.pack_into("<I", data, HEADER_SIZE + 48, last.offset)
    part = _read(tmp_path, bytes(data))
    assert (part.events, part.rejects) == (whole, [])
    assert part.facts["checksums_wrong"] == 1


def test_a_record_on_which_the_parser_never_ends_is_given_up(tmp_path: Path) -> None:
    """One changed byte of this sample keeps the parser (evtx 0.14.0) busy for ever."""
    folder = sample("sigma-regression", "regression_data", "rules", "windows", "process_creation")
    (path,) = folder.glob("proc_creation_win_pua_trufflehog/44030449-*.evtx")
    data = bytearray(path.read_bytes())
    assert _read(tmp_path, bytes(data)).events == 1
    data[4925] = 0xAC
    part = _read(tmp_path, bytes(data))
    assert (part.events, part.rejects) == (0, [(1, HEADER_SIZE + 512, "record_damaged")])
    assert _read(tmp_path, path.read_bytes()).events == 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_changed_every_record_is_an_event_or_rejected(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(sample("evtx-parser", "samples", "new-user-security.evtx").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, 8000))
        piece = data.draw(st.binary(min_size=1, max_size=12))
        content[at : at + len(piece)] = piece
    size = data.draw(st.integers(0, len(content)))
    part = _read(tmp_path, bytes(content[:size]))
    assert part.lines == part.events + len(part.rejects)
    for table in part.tables.values():
        table.to_pylist()
