"""Whatever the bytes: parts or a UsageError, and no line lost."""

from __future__ import annotations

import contextlib
import json
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakuho.errors import UsageError
from kakuho.evidence.formats import Declared
from kakuho.evidence.formats.database import FORMATS

from ...reading import read

OWN = sorted((Path(__file__).parents[2] / "data").glob("*/*"))
LOGS = [path for path in OWN if path.parent.name in {"mariadb", "postgresql"}]
TEXTS = [known for known in FORMATS.values() if known.name != "postgresql_snapshot"]
DECLARED = Declared("Asia/Tokyo")
OTHERS = [
    b'{"timestamp":"2020-10-19 19:21:33","id":1,"class":"general","event":"status","connection_id":13,'
    b'"general_data":{"command":"Query","sql_command":"select","query":"select 1","status":0}},\n',
    b'{"audit_record":{"name":"Query","timestamp":"2014-08-28T10:20:54Z","sqltext":"select 1","status":0}}\n',
    b"Nov 25 10:00:00 db postgres[7]: [5-1] LOG:  statement: SELECT\nNov 25 10:00:00 db postgres[7]: [5-2] #0111\n",
    b'{"textPayload":"[7]: [1-1] db=d,user=u LOG:  statement: SELECT 1","timestamp":"2020-05-02T13:00:20.382318Z"}\n',
    b'{"record":{"log_time":"2022-11-27 18:58:02.096 UTC","error_severity":"LOG","message":"x","session_id":"a.b"}}\n',
    b"Nov 25 10:00:00 mysql-server_auditing: host,root,localhost,1,2,QUERY,d,'select 1',0\n",
]


def _read_all(data: bytes) -> None:
    with tempfile.NamedTemporaryFile(suffix=".log") as file:
        file.write(data)
        file.flush()
        for known in TEXTS:
            with contextlib.suppress(UsageError):
                read(known, Path(file.name), declared=DECLARED)


def _mutated(data: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(data)
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(damaged) + 1)
        kind = chance.randrange(4)
        if kind == 0:
            damaged[at:at] = bytes(chance.choices(b"\n\r\t'\"\\,:[]# \x00\xff\xe3{}0", k=3))
        elif kind == 1:
            del damaged[at : at + chance.randrange(1, 40)]
        elif kind == 2 and at < len(damaged):
            damaged[at] = chance.randrange(256)
        else:
            damaged[at:at] = damaged[: chance.randrange(200)]
    return bytes(damaged)


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=300)
    | st.text(st.sampled_from("20251-: .LOGJST[]@\t\n#Time'\",{}"), max_size=200).map(str.encode)
)
def test_random_bytes(data: bytes) -> None:
    _read_all(data)


@pytest.mark.parametrize("seed", range(12))
def test_damaged_logs(seed: int) -> None:
    chance = random.Random(seed)
    for path in LOGS:
        whole = path.read_bytes()
        begin = chance.randrange(len(whole))
        _read_all(_mutated(whole[begin : begin + 3000], chance))
    for data in OTHERS:
        _read_all(_mutated(data * 2, chance))


@pytest.mark.parametrize("data", OTHERS, ids=range(len(OTHERS)))
def test_the_undamaged_line_is_an_event_in_exactly_one_format(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "line.log"
    path.write_bytes(data)
    recognised = []
    for known in TEXTS:
        from ...reading import recognise

        if (found := recognise(known, path)) is not None and found.confidence >= 0.5:
            events, part = read(known, path, declared=DECLARED)
            assert (len(events), part.rejects) == (1, [])
            recognised.append(known.name)
    assert len(recognised) == 1


def test_a_csvlog_that_ends_inside_its_only_record_loses_no_line() -> None:
    _read_all(
        b'2021-01-04 00:22:01.903 UTC,"u","d",59,"172.24.0.1:42642",5ff25f96.3b,3,"SELECT",2021-01-04 00:21:42 UTC,'
        b'3/0,0,LOG,00000,"duration: 0.658 ms  statement: SELECT 1\n;",,,,,,,,,2psql"\n'
    )


def test_a_count_of_rows_that_no_machine_can_hold_is_left_out() -> None:
    message = 'AUDIT: SESSION,1,1,READ,SELECT,,,"select 1",<none>,' + "9" * 30
    line = json.dumps({"timestamp": "2025-03-19 10:00:00.000 UTC", "session_id": "a.b", "line_num": 1,
                       "error_severity": "LOG", "message": message})  # fmt: skip
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        Path(file.name).write_text(line + "\n", encoding="utf-8")
        jsonlog = FORMATS["postgresql_jsonlog"]
        (row,), _ = read(jsonlog, Path(file.name), declared=DECLARED)
    assert row["statement"] == "select 1" and "rows" not in row
