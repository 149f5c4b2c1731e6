"""PostgreSQL's own logs, as jsonlog and as csvlog: the same events, with their SQL and parameters."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakuho.case import Case
from kakuho.errors import UsageError
from kakuho.evidence import add_evidence
from kakuho.evidence.formats import Format, Part
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.database.postgresql_csvlog import PostgresqlCsvlog, read_carefully, read_fast
from kakuho.evidence.formats.database.postgresql_jsonlog import PostgresqlJsonlog
from kakuho.evidence.formats.database.postgresql_jsonlog import read_carefully as read_json_carefully
from kakuho.evidence.formats.database.postgresql_jsonlog import read_fast as read_json_fast
from kakuho.evidence.formats.database.postgresql_parameters import parameters_of, parameters_of_all
from kakuho.evidence.formats.database.postgresql_time import times_of, times_one_by_one

from ...reading import read
from ...samples import SAMPLES

STATEMENTS = [
    ("create table policyholder (id int primary key, name text)", None, "success"),
    ("insert into policyholder values ($1, $2), ($3, $4)", ["1", 'O\'Neil "二\n行"', "2", None], "success"),
    ("select id -- 一行目\nfrom policyholder where name = $1", ["' or 1=1"], "success"),
    ("select nothing from policyholder", None, "failure"),
    ("select 1 / (id - id) from policyholder", None, "failure"),
    ("select name from policyholder where id = $1", ["2"], "success"),
    ("select 1 / (id - $1) from policyholder", ["1"], "failure"),
    ("select 1", None, "success"),
]


def _table(case: Case, columns: str) -> list[tuple[Any, ...]]:
    path = case.lake / "datastore_activity.parquet"
    query = f"select {columns} from '{path}' where kind = 'statement' order by session_id, session_line"
    return duckdb.sql(query).fetchall()


@pytest.mark.parametrize("name", ["jsonlog.json", "csvlog.csv"])
def test_every_statement_with_its_parameters_and_whether_it_failed(
    case: Case, postgresql_logs: Path, name: str
) -> None:
    add_evidence(case, [postgresql_logs / name])
    found = _table(case, "statement, parameters, outcome")
    read_back = [(statement, json.loads(text) if text else None, outcome) for statement, text, outcome in found]
    assert [row for row in read_back if "pg_" not in row[0] and "set_config" not in row[0]][:8] == STATEMENTS


def _by_session(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events without their place in the file: the server's processes write to both files in their own order."""
    ordered = sorted(events, key=lambda row: (row["session_id"], row["session_line"]))
    return [{key: value for key, value in row.items() if key not in {"line", "byte_offset"}} for row in ordered]


def test_both_formats_of_one_server_say_the_same(postgresql_logs: Path) -> None:
    json_events, _ = read(PostgresqlJsonlog(), postgresql_logs / "jsonlog.json")
    csv_events, csv_part = read(PostgresqlCsvlog(), postgresql_logs / "csvlog.csv")
    assert _by_session(json_events) == _by_session(csv_events)
    assert csv_part.ignored.total() > 0, "records that span lines"


def test_connections_and_refused_ones(postgresql_logs: Path) -> None:
    events, _ = read(PostgresqlJsonlog(), postgresql_logs / "jsonlog.json")
    connections = [(row["message"].split(":")[0], row["outcome"]) for row in events if row["kind"] == "connection"]
    assert ("connection authorized", "success") in connections
    assert ('database "nowhere" does not exist', "failure") in connections


def test_a_syntax_error_is_an_error_of_its_own(postgresql_logs: Path) -> None:
    events, _ = read(PostgresqlJsonlog(), postgresql_logs / "jsonlog.json")
    errors = [(row.get("statement"), row["message"]) for row in events if row["kind"] == "error"]
    assert ("selec", 'syntax error at or near "selec"') in errors


def test_times_in_jst_become_utc(postgresql_logs: Path) -> None:
    path = postgresql_logs / "jsonlog.json"
    events, _ = read(PostgresqlJsonlog(), path)
    stamp = json.loads(path.read_text(encoding="utf-8").split("\n")[0])["timestamp"]
    assert stamp.endswith(" JST")
    local = dt.datetime.strptime(stamp[:-4], "%Y-%m-%d %H:%M:%S.%f")  # noqa: DTZ007 - the zone is the point
    assert events[0]["time"] == local - dt.timedelta(hours=9)


def test_the_byte_offset_leads_back_to_the_record(postgresql_logs: Path) -> None:
    content = (postgresql_logs / "csvlog.csv").read_bytes()
    events, _ = read(PostgresqlCsvlog(), postgresql_logs / "csvlog.csv")
    for event in events:
        line = content[event["byte_offset"] :].split(b"\n")[0]
        assert line == content.split(b"\n")[event["line"] - 1]
        assert line.startswith(b"20")


@pytest.mark.parametrize("known", [PostgresqlJsonlog(), PostgresqlCsvlog()])
def test_an_ambiguous_zone_has_to_be_declared(tmp_path: Path, postgresql_logs: Path, known: Format) -> None:
    name = "jsonlog.json" if known.name == "postgresql_jsonlog" else "csvlog.csv"
    path = tmp_path / name
    path.write_bytes((postgresql_logs / name).read_bytes().replace(b" JST", b" IST"))
    with pytest.raises(UsageError) as caught:
        read(known, path)
    assert "IST" in caught.value.what and "--time-zone" in caught.value.remedy
    declared, _ = read(known, path, "Asia/Kolkata")
    in_jst, _ = read(known, postgresql_logs / name)
    assert declared[0]["time"] - in_jst[0]["time"] == dt.timedelta(hours=3, minutes=30)


@pytest.mark.parametrize(
    ("detail", "parameters"),
    [
        ("Parameters: $1 = '7'", '["7"]'),
        ("parameters: $1 = 'it''s', $2 = NULL", '["it\'s", null]'),
        ("Parameters: $1 = '', $2 = ', $3 = ''x'''", '["", ", $3 = \'x\'"]'),
        ("Parameters: $1 = '二\n行'", '["二\\n行"]'),
        ("Parameters: $1 = 'cut", None),
        ("Parameters: $2 = '7'", None),
        ("prepare: PREPARE p AS SELECT 1", None),
        (None, None),
    ],
)
def test_parameters_out_of_the_detail(detail: str | None, parameters: str | None) -> None:
    assert parameters_of(detail) == parameters


def test_a_number_that_nobody_counts_to_is_no_parameter() -> None:
    assert parameters_of("Parameters: $" + "9" * 5_000 + " = '1'") is None


@given(st.lists(st.none() | st.text(), min_size=1))
def test_parameters_written_as_postgresql_writes_them_come_back(values: list[str | None]) -> None:
    quoted = ["NULL" if value is None else "'" + value.replace("'", "''") + "'" for value in values]
    detail = "Parameters: " + ", ".join(f"${number} = {text}" for number, text in enumerate(quoted, start=1))
    found = parameters_of(detail)
    assert found is not None and json.loads(found) == values


def test_a_line_that_is_not_utf8_is_rejected_since_its_sql_could_not_run_again(
    tmp_path: Path, postgresql_logs: Path
) -> None:
    path = tmp_path / "log.json"
    lines = (postgresql_logs / "jsonlog.json").read_bytes().split(b"\n")
    number = next(number for number, line in enumerate(lines) if b"connection" in line)
    lines[number] = lines[number].replace(b"connection", "照会".encode("euc_jp"))
    path.write_bytes(b"\n".join(lines))
    _, part = read(PostgresqlJsonlog(), path)
    assert [(line, reason) for line, _, reason in part.rejects] == [(number + 1, "not_utf8")]


@pytest.mark.parametrize("cut", [0.3, 0.5, 0.77])
def test_a_csvlog_that_begins_in_the_middle_of_a_record_loses_only_that_record(
    tmp_path: Path, postgresql_logs: Path, cut: float
) -> None:
    whole = (postgresql_logs / "csvlog.csv").read_bytes()
    begin = int(len(whole) * cut)
    path = tmp_path / "log.csv"
    path.write_bytes(whole[begin:])
    events, part = read(PostgresqlCsvlog(), path)
    everything, _ = read(PostgresqlCsvlog(), postgresql_logs / "csvlog.csv")
    expected = [(row["session_id"], row["session_line"]) for row in everything if row["byte_offset"] >= begin]
    assert [(row["session_id"], row["session_line"]) for row in events] == expected
    assert len(part.rejects) >= 1


_RECORD = st.builds(
    lambda message, detail, host, end: (
        f'2025-03-19 09:00:01.123 JST,"u","d",1,{host},67d.1,1,"SELECT",2025-03-19 09:00:00 JST,3/4,0,LOG,00000,'
        f'"{message}",{detail},,,,,,,,"app","client backend",,0{end}'
    ),
    st.text(st.sampled_from("a二\n,'2025-\"")).map(lambda text: "statement: " + text.replace('"', '""')),
    st.sampled_from(["", "\"Parameters: $1 = 'x'\""]),
    st.sampled_from(['"127.0.0.1:5432"', '"[local]"', '""', ""]),
    st.sampled_from(["\n", "\n", "\n", "\nrubbish\n", ',"extra"\n']),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_RECORD, min_size=1, max_size=4))
def test_both_paths_of_csvlog_read_the_same(records: list[str]) -> None:
    block = LineBlock("".join(records).encode(), 0, 1)
    fast_part, careful_part = (Part() for _ in range(2))
    fast, careful = read_fast(block, fast_part), read_carefully(block, careful_part)
    assert fast is None or fast.to_pylist() == careful.to_pylist()
    assert fast is None or fast_part.ignored == careful_part.ignored
    assert len(block) == len(careful) + len(careful_part.rejects) + careful_part.ignored.total()


_VALUE = st.none() | st.text(max_size=5) | st.integers(-5, 5) | st.booleans() | st.lists(st.integers(0, 9), max_size=2)
_JSON = st.fixed_dictionaries(
    {
        "timestamp": st.just("2025-03-19 09:00:01.123 JST") | _VALUE,
        "session_id": st.just("67d.1") | _VALUE,
        "line_num": st.integers(1, 9),
        "error_severity": st.sampled_from(["LOG", "ERROR", "WARNUNG"]) | _VALUE,
        "message": st.text() | _VALUE,
    },
    optional={"detail": st.text(), "user": st.text(max_size=3), "statement": st.text(), "unknown": _VALUE},
).map(json.dumps)


@settings(max_examples=300, deadline=None)
@given(st.lists(_JSON | st.sampled_from(["", "{", "[]", "null", '{"a": 1', "x", "{}{}"]), min_size=1, max_size=4))
def test_what_the_fast_path_of_jsonlog_takes_is_what_the_careful_path_reads(lines: list[str]) -> None:
    block = LineBlock("".join(line + "\n" for line in lines).encode(), 0, 1)
    fast, part = read_json_fast(block), Part()
    careful = read_json_carefully(block, part)
    assert fast is None or fast.to_pylist() == careful.to_pylist()
    assert fast is None or part.rejects == []


@settings(max_examples=300, deadline=None)
@given(st.lists(st.none() | st.text(st.sampled_from("a二'$1,= N\"\\\n")), max_size=11), st.sampled_from(["P", "p"]))
def test_parameters_all_at_once_are_those_one_by_one(values: list[str | None], head: str) -> None:
    quoted = ["NULL" if value is None else "'" + value.replace("'", "''") + "'" for value in values]
    detail = f"{head}arameters: " + ", ".join(f"${number} = {text}" for number, text in enumerate(quoted, start=1))
    details = [detail, None, detail[:-1], detail.replace("$2", "$3"), detail + ", ", "Key (id)=(1) already exists."]
    assert parameters_of_all(pa.array(details, pa.string())).to_pylist() == [parameters_of(text) for text in details]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda stamp, fraction, zone: f"{stamp}{fraction} {zone}",
            st.from_regex(r"20[0-2][0-9]-[01][0-9]-[0-3][0-9] [012][0-9]:[0-6][0-9]:[0-6][0-9]", fullmatch=True),
            st.sampled_from([".123", ".000", ""]),
            st.sampled_from(["JST", "UTC", "+09", "CET"]),
        ),
        max_size=3,
    )
)
def test_times_read_as_a_table_of_bytes_are_those_of_the_regular_expression(stamps: list[str]) -> None:
    column = pa.array(stamps, pa.string())
    given_zone = {"time_zone": "Europe/Paris", "where": "here"}
    assert times_of(column, **given_zone).to_pylist() == times_one_by_one(column, **given_zone).to_pylist()


@pytest.mark.skipif(not SAMPLES.exists(), reason="the shared samples are not on this machine")
def test_a_jsonlog_of_others_loses_no_line(tmp_path: Path) -> None:
    path = tmp_path / "pg_vacuums.json"
    path.write_bytes(gzip.decompress((SAMPLES / "pgbadger-fixtures/t/fixtures/pg_vacuums.json.gz").read_bytes()))
    _, part = read(PostgresqlJsonlog(), path, "Europe/Paris")
    assert (part.lines, part.events, part.rejects) == (3544, 3544, [])


@pytest.mark.skipif(not SAMPLES.exists(), reason="the shared samples are not on this machine")
@pytest.mark.parametrize(
    ("name", "time_zone", "lines", "events"),
    [
        ("csv_statement_without_duration.log", None, 2, 2),
        ("weeknumber.log", None, 6, 6),
        ("anonymize.log", "Europe/Paris", 8, 8),
    ],
)
def test_samples_of_others_lose_no_line(name: str, time_zone: str | None, lines: int, events: int) -> None:
    _, part = read(PostgresqlCsvlog(), SAMPLES / "pgbadger-fixtures" / "t" / "fixtures" / name, time_zone)
    assert (part.lines, part.events) == (lines, events)
