"""The quick readings of the database formats give what the careful ones give."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kakuho.evidence.formats import Declared, Part
from kakuho.evidence.formats.base import TextFormat
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.database import mysql_audit_json, postgresql_cloud, postgresql_prefix
from kakuho.evidence.formats.database.mysql_audit_json import MysqlAuditJson
from kakuho.evidence.formats.database.mysql_lines import Times
from kakuho.evidence.formats.database.postgresql_cloud import PostgresqlCloud
from kakuho.evidence.formats.database.postgresql_syslog import PostgresqlSyslog

from ...reading import read

SYSLOG = Path(__file__).parents[2] / "data" / "postgresql" / "syslog.log"
QUERY = (
    '{ "timestamp": "2020-10-19 19:25:51", "id": 1, "class": "general", "event": "status", "connection_id": 13, '
    '"account": { "user": "root", "host": "localhost" }, "login": { "user": "root", "os": "", "ip": "", "proxy": "" }, '
    '"general_data": { "command": "Query", "sql_command": "select", "query": "select \'あ\'", "status": 1064 } },'
)
CONNECT = (
    '{"timestamp":"2020-10-19 19:25:52","id":0,"class":"connection","event":"connect","connection_id":14,"account":'
    '{"user":"root","host":"h"},"connection_data":{"connection_type":"ssl","status":0,"db":"shop"},"more":{"b":1.5}},'
)
PERCONA = (
    '{"audit_record":{"name":"Query","record":"7_2025","timestamp":"2025-03-19T00:00:01Z","command_class":"select",'
    '"connection_id":"5","status":0,"sqltext":"SELECT 1","user":"root[root] @ localhost [127.0.0.1]","db":"shop"}}'
)
CLOUD_SQL = (
    '{"insertId":"a","severity":"INFO","textPayload":"2025-03-19 00:00:01.123 UTC [71]: [3-1] db=shop,user=web LOG:  '
    'statement: SELECT 1","timestamp":"2025-03-19T00:00:01.123456Z"}'
)
CNPG = (
    '{"level":"info","logger":"postgres","record":{"log_time":"2025-03-19 00:00:01.123 UTC","user_name":"web",'
    '"session_id":"67da0a.47","session_line_num":3,"error_severity":"LOG","message":"statement: SELECT 1"}}'
)
_SIGNS = ['"', "\\", " ", ",", "1e3", "9" * 20, "0.00001", "{", "]", "null", "NaN", "\\ud800", "全", "[", "\x1f", "-1]"]


@st.composite
def _mutated(draw: st.DrawFn, lines: tuple[str, ...]) -> str:
    line = draw(st.sampled_from(lines))
    for _ in range(draw(st.integers(0, 3))):
        place, length = draw(st.integers(0, len(line))), draw(st.integers(0, 3))
        line = line[:place] + draw(st.sampled_from(_SIGNS)) + line[place + length :]
    return line


def _told(part: Part) -> tuple[Any, ...]:
    return part.tables["datastore_activity"].to_pylist(), part.rejects, part.ignored, part.facts


def _without_quick(known: TextFormat, module: Any, block: LineBlock) -> Part:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "ordinary_numbers", lambda block: [False] * len(block))
        return known.read_block(block, Declared())


@given(st.lists(_mutated((QUERY, CONNECT, PERCONA)), max_size=3))
def test_mysql_audit_is_read_by_orjson_as_by_json(lines: list[str]) -> None:
    block = LineBlock("\n".join(lines).encode(), 0, 1)
    careful = _without_quick(MysqlAuditJson(), mysql_audit_json, block)
    assert _told(MysqlAuditJson().read_block(block, Declared())) == _told(careful)


def test_numbers_that_orjson_writes_otherwise_are_written_as_ever() -> None:
    numbers = CONNECT.replace("1.5", "[1e16, 0.00000012, 123456789012345678901234567890]")
    part = MysqlAuditJson().read_block(LineBlock(numbers.encode(), 0, 1), Declared())
    (row,) = part.tables["datastore_activity"].to_pylist()
    assert '"b":[1e+16,1.2e-07,123456789012345678901234567890]' in row["unmapped"]


@given(st.lists(_mutated((CLOUD_SQL, CNPG)), max_size=3))
def test_cloud_records_are_read_by_orjson_as_by_json(lines: list[str]) -> None:
    block = LineBlock("\n".join(lines).encode(), 0, 1)
    careful = _without_quick(PostgresqlCloud(), postgresql_cloud, block)
    assert _told(PostgresqlCloud().read_block(block, Declared())) == _told(careful)


MIDDLES = (
    " [21921] 6b06ec55.55a1:4 00000 ",
    "2025-03-19 00:00:01.123 UTC [71]: [3-1] db=shop,user=web ",
    ":10.0.0.1(5000):web@shop:[71-12]: sql_error_code = 42P01 app=a b,client=10.0.0.1 ",
)


@given(st.lists(_mutated(MIDDLES), max_size=5))
@example([" [71-1] ", " [71-2] ", " [71-3-1] ", " [71-3-2] "])
def test_a_middle_says_the_same_as_when_each_pattern_is_sought(middles: list[str]) -> None:
    for middle in middles:
        sought: dict[str, str] = {}
        for name, pattern in postgresql_prefix._IN_MIDDLE.items():
            found = pattern.search(middle)
            if found is not None:
                other = found["other"] if "other" in pattern.groupindex else None
                sought[name] = found["value"] if found["value"] is not None else other
        assert postgresql_prefix._read_middle(middle) == sought


_STAMPS = st.from_regex(
    re.compile(
        r"20[0-4]\d-[01]\d-[0-3]\d[T ][0-2]\d:[0-5]\d:[0-6]\d(\.\d{1,7})?( ?(Z|UTC|[+-]\d{2}:?\d{2}))?", re.ASCII
    ),
    fullmatch=True,
)


@given(st.lists(_STAMPS, min_size=1, max_size=9))
def test_a_time_is_the_same_whether_its_second_is_known_or_not(stamps: list[str]) -> None:
    times = Times("America/New_York", "test")
    assert [times.of(stamp) for stamp in stamps] == [Times("America/New_York", "test")._read(stamp) for stamp in stamps]


def test_postgresql_through_rsyslog(tmp_path: Path) -> None:
    rows, part = read(PostgresqlSyslog(), SYSLOG, declared=Declared("Asia/Tokyo"))
    assert (part.lines, part.events, part.rejects) == (27, 21, [])
    (selected,) = [row for row in rows if "1=1" in row.get("statement", "")]
    assert selected["statement"] == "SELECT id -- 一行目\n  FROM policyholder\n WHERE name = '' OR 1=1;"
    assert (selected["db_user"], selected["database"], selected["kind"]) == ("postgres", "postgres", "statement")
    assert selected["time"].astimezone(dt.UTC).minute == 31
