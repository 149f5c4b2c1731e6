"""Windows events read together by their shape are the events that are read one by one."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakuho.evidence.formats import json_shapes
from kakuho.evidence.formats.base import Part
from kakuho.evidence.formats.windows import evtx_records
from kakuho.evidence.formats.windows.evtx_chunks import CHUNK_SIZE, HEADER_SIZE, sound_records, survey
from kakuho.evidence.formats.windows.evtx_process import texts_of_sound
from kakuho.evidence.formats.windows.evtx_records import Records, add_records
from kakuho.evidence.formats.windows.meanings import MEANINGS

from ...samples import sample

EVENT: dict[str, Any] = {
    "#attributes": {"xmlns": "http://schemas.microsoft.com/win/2004/08/events/event"},
    "System": {
        "Provider": {"#attributes": {"Name": "Microsoft-Windows-Security-Auditing", "Guid": "54849625"}},
        "EventID": 4624,
        "Version": 2,
        "Level": 0,
        "Task": 12544,
        "Opcode": 0,
        "Keywords": "0x8020000000000000",
        "TimeCreated": {"#attributes": {"SystemTime": "2025-03-19T00:00:01.250000Z"}},
        "EventRecordID": 7,
        "Correlation": None,
        "Execution": {"#attributes": {"ProcessID": 612, "ThreadID": 4}},
        "Channel": "Security",
        "Computer": "web.example",
        "Security": None,
    },
}
VALUES = st.sampled_from(
    [
        "",
        "-",
        "0x10020",
        "花子",
        "EXAMPLE\\hanako",
        "hanako@EXAMPLE",
        "C:\\users\\",
        'a "quoted" word',
        "%%2313",
        "File",
        *[
            "192.0.2.7",
            "::ffff:192.0.2.7",
            "443",
            "line\nbreak",
            "\u0001",
            "\x7f",
            "Key",
            "\\\\*\\SYSVOL",
            0,
            7,
            65536,
            1,
        ],
        *[10**18, -4, 1.5, None, True, ["a", "b"], ["", "x"], [], {"#text": "t"}],
    ]
)
NAMES = sorted({name for meaning in MEANINGS.values() for names in meaning.columns.values() for name in names})
OTHER_NAMES = ["Data", "ObjectType", "AccessMask", "ShareName", "RelativeTargetName", "UserID", "Computer", "Payload"]


def _parts(texts: Sequence[bytes], *, together: bool) -> Part:
    part = Part(facts={"log_cleared": []})
    count = len(texts)
    records = Records(
        list(texts), list(range(1, count + 1)), [100 * n for n in range(count)], [132223104000000000] * count
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_shapes, "LEAST_OBJECTS", 4 if together else 1 << 40)
        add_records(records, part)
    return part


def _same(texts: Sequence[bytes]) -> Part:
    """What both ways give."""
    together, one_by_one = _parts(texts, together=True), _parts(texts, together=False)
    assert together.tables.keys() == one_by_one.tables.keys()
    for name, table in one_by_one.tables.items():
        found: pa.Table = together.tables[name]
        for column in table.schema.names:
            assert found[column].to_pylist() == table[column].to_pylist(), (name, column)
    assert (together.events, together.rejects) == (one_by_one.events, one_by_one.rejects)
    assert together.facts == one_by_one.facts
    return together


@pytest.mark.parametrize(
    "path",
    [
        ("evtx-parser", "samples", "security.evtx"),
        ("evtx-parser", "samples", "Security_with_size_t.evtx"),
        ("evtx-parser", "samples", "sample-with-zero-data-size-event.evtx"),
        ("evtx-attack-samples", "Lateral Movement", "LM_5145_Remote_FileCopy.evtx"),
        ("hayabusa-evtx", "DeepBlueCLI", "password-spray.evtx"),
    ],
)
def test_the_events_of_real_logs(path: tuple[str, ...]) -> None:
    data = sample(*path).read_bytes()
    texts: list[bytes] = []
    for begin in range(HEADER_SIZE, len(data), CHUNK_SIZE):
        chunk = data[begin : begin + CHUNK_SIZE]
        sound = sound_records(chunk)
        if sound is not None:
            assert sound.offsets.tolist() == [entry.offset for entry in survey(chunk, is_expected=True).entries]
            read, _ = texts_of_sound(chunk, len(sound.offsets), "windows-1252")
            texts += [text for text in read or [] if text is not None]
    assert len(texts) > 250
    assert _same(texts).events == len(texts)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_events_with_whatever_values(data: st.DataObject) -> None:
    provider, number = data.draw(st.sampled_from([*MEANINGS, ("MSSQL$X", 33205), ("Microsoft-Windows-Eventlog", 1102)]))
    names = data.draw(st.lists(st.sampled_from([*NAMES, *OTHER_NAMES]), unique=True, max_size=8))
    models = [data.draw(VALUES) for _ in names]
    texts = []
    for at in range(24):
        change = data.draw(st.integers(0, len(names))) if names else 0
        values = [data.draw(VALUES) if place == change else model for place, model in enumerate(models)]
        system = EVENT["System"] | {
            "EventRecordID": at,
            "EventID": number,
            "Provider": {"#attributes": {"Name": provider}},
        }
        if not data.draw(st.integers(0, 9)):
            system |= data.draw(
                st.sampled_from(
                    [
                        {"Level": 4},
                        {"Keywords": "0x8010000000000000"},
                        {"TimeCreated": {"#attributes": {"SystemTime": "2025-13-19T00:00:01.250000Z"}}},
                        {"Provider": {"#attributes": {"Name": ""}}},
                        {"EventID": 4625},
                        {"Computer": ""},
                    ]
                )
            )
        event = EVENT | {"System": system, "EventData": dict(zip(names, values, strict=True))}
        texts.append(json.dumps({"Event": event}, ensure_ascii=False, separators=(",", ":")).encode())
    _same(texts)


@given(st.integers(0, 1 << 30))
@settings(max_examples=80, deadline=None)
def test_records_with_bytes_that_are_wrong(seed: int) -> None:
    draw = random.Random(seed)
    texts = []
    for at in range(16):
        system = EVENT["System"] | {"EventRecordID": at}
        event = EVENT | {"System": system, "EventData": {"TargetUserName": f"u{at % 3}", "IpPort": str(at)}}
        text = bytearray(json.dumps({"Event": event}, separators=(",", ":")).encode())
        if draw.random() < 0.5:
            place = draw.randrange(len(text))
            text[place : place + draw.randrange(3)] = draw.choice(
                [b'"', b"\\", b"\n", b"0", b"-", b"\xff", b":", b"}", b"\\/"]
            )
        texts.append(bytes(text))
    _same(texts)


def test_most_events_of_a_log_are_read_together(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [
        json.dumps({"Event": EVENT | {"EventData": {"TargetUserName": f"u{n}"}}}, separators=(",", ":")).encode()
        for n in range(json_shapes.LEAST_OBJECTS)
    ]
    monkeypatch.setattr(evtx_records, "_add", None)
    part = Part(facts={"log_cleared": []})
    count = len(texts)
    add_records(Records(texts, list(range(count)), list(range(count)), [0] * count), part)
    assert part.tables["authentication"]["user_name"].to_pylist() == [f"u{n}" for n in range(count)]
