"""One Windows event (System, EventData or UserData) into rows, whatever file it came in.

``unmapped`` holds all of EventData or UserData under its own names, so that rules written for them match, and what of
System has no column, under the names that Sigma rules use (``EventID``, ``Channel``, ``Provider_Name``, ``Level``,
``Task``, ``Opcode``, ``Keywords``, ``Version``, ``EventRecordID``, ``ProcessID`` and ``ThreadID`` of Execution,
``UserID``, ``ActivityID``). Where an event's data has such a name, the data keeps it and the system's value stands
under ``System_…``. Unnamed ``<Data>`` elements are the list ``Data``, empty ones included.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from kakuho.evidence.formats.json_records import (
    Row,
    Rows,
    address_of,
    as_json,
    first_of,
    integer_of,
    iso_of,
    port_of,
    text_of,
    utc_microseconds,
)
from kakuho.evidence.formats.windows.evtx_chunks import FILETIME_OF_1970
from kakuho.evidence.formats.windows.meanings import (
    AUDIT_FAILURE,
    AUDIT_SUCCESS,
    IP_PROTOCOLS,
    KERBEROS_SERVICE,
    LEVELS,
    LOG_CLEARED,
    MEANINGS,
    MESSAGES,
    Meaning,
    Names,
    file_action,
)
from kakuho.evidence.formats.windows.sql_server import add_sql_server_event, is_sql_server

WINDOWS_TABLES = (
    "authentication",
    "process_activity",
    "file_activity",
    "network_activity",
    "datastore_activity",
    "base_event",
)
_NUMBERS = {"pid", "parent_pid"}
_NONE: dict[str, Any] = {}
USERS = ("SubjectUserName", "TargetUserName", "User", "UserID")
ADDRESSES = ("IpAddress", "ClientAddress", "SourceIp", "Address")


def add_event(
    record: dict[str, Any], filetime: int, line: int, byte_offset: int, rows: Rows, cleared: list[dict[str, str]]
) -> str | None:
    """Add the rows of an event as the parser gives it; the reason where it is none.

    ``filetime``: the time in the record's header (100 ns since 1601), which counts where TimeCreated is absent.
    """
    found = system_and_body(record)
    if found is None:
        return "not_a_windows_event"
    system, body = found
    time = utc_microseconds(stamp_of(system))
    if time is None and filetime > FILETIME_OF_1970:
        time = (filetime - FILETIME_OF_1970) // 10
    if time is None:
        return "time_not_valid"
    data = data_of(body)
    values = system_values(system)
    add_rows(values, data, {"time": time, "line": line, "byte_offset": byte_offset}, rows, cleared)
    return None


def system_and_body(record: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """System of an event as the parser gives it, and what its data stand in; None where it is no event."""
    event = record.get("Event") or {}
    system = event.get("System") or (event.get("Event") or {}).get("System")
    if not isinstance(system, dict):
        return None
    return system, event if "System" in event else event["Event"]


def stamp_of(system: dict[str, Any]) -> Any:
    """When the event was created, as it is written."""
    return _attributes(system, "TimeCreated").get("SystemTime")


def data_of(body: dict[str, Any]) -> dict[str, Any]:
    """The data of an event by their names."""
    data = body.get("EventData")
    if data is None and isinstance(user_data := body.get("UserData"), dict):
        data = user_data
        members = [value for name, value in user_data.items() if name != "#attributes"]
        if len(members) == 1 and isinstance(members[0], dict):
            data = members[0]
    if not isinstance(data, dict):
        return {} if data is None else {"Data": [data]}
    if "Data" not in data and "#attributes" not in data:
        return data
    named = {name: value for name, value in data.items() if name not in {"Data", "#attributes"}}
    attributes = data.get("#attributes")
    if isinstance(attributes, dict) and "Name" in attributes:
        named["EventDataName"] = attributes["Name"]
    if "Data" in data:
        found = data["Data"]
        if isinstance(found, dict) and "#text" in found:
            found = found["#text"]
        named["Data"] = found if isinstance(found, list) else [found]
    return named


def system_values(system: dict[str, Any]) -> dict[str, Any]:
    """What System says, under the names that Sigma rules use."""
    told = system.get
    event_id = event_id_of(system)
    provider, execution = _attributes(system, "Provider"), _attributes(system, "Execution")
    return {
        "Provider_Name": provider.get("Name") or provider.get("EventSourceName"),
        "EventID": integer_of(event_id),
        "Version": told("Version"),
        "Level": integer_of(told("Level")),
        "Task": told("Task"),
        "Opcode": told("Opcode"),
        "Keywords": told("Keywords"),
        "EventRecordID": integer_of(told("EventRecordID")),
        "ProcessID": execution.get("ProcessID"),
        "ThreadID": execution.get("ThreadID"),
        "ActivityID": _attributes(system, "Correlation").get("ActivityID"),
        "UserID": _attributes(system, "Security").get("UserID"),
        "Channel": told("Channel"),
        "Computer": told("Computer"),
    }


def event_id_of(system: dict[str, Any]) -> Any:
    """The event's number as it is written, with its qualifiers or without."""
    event_id = system.get("EventID")
    return event_id.get("#text") if type(event_id) is dict else event_id


def add_rows(system: dict[str, Any], data: dict[str, Any], row: Row, rows: Rows, cleared: list[dict[str, str]]) -> None:
    """Add the event, and its record number as a sequence. ``row`` holds its time and place."""
    computer, record_id = text_of(system["Computer"]), system["EventRecordID"]
    if record_id is not None:
        stream = f"{computer}/{text_of(system['Channel'])}"
        rows.add(
            "sequence",
            {
                "time": row["time"],
                "line": row["line"],
                "byte_offset": row["byte_offset"],
                "stream": stream,
                "number": record_id,
            },
        )
    event = (text_of(system["Provider_Name"]) or "", system["EventID"] or 0)
    row["unmapped"] = unmapped_of_event(system, data)
    if is_sql_server(event) and add_sql_server_event(event[1], data, computer, row, rows):
        return
    meaning = MEANINGS.get(event)
    if meaning is None or not _is_of_a_file(meaning, data):
        _add_base_event(event, system, data, row, rows)
    else:
        rows.add(meaning.table, _row(meaning, system, data, row))
    if event in LOG_CLEARED:
        log = text_of(data.get("Channel") or system["Channel"]) or ""
        cleared.append({"time": iso_of(row["time"]), "log": log})


def _row(meaning: Meaning, system: dict[str, Any], data: dict[str, Any], row: Row) -> Row:
    """The row of an event with a meaning: all columns that any event of its table can have, so that rows are alike."""
    row = _EMPTY[meaning.table] | row
    row["host"], row["activity"], row["outcome"] = text_of(system["Computer"]), meaning.activity, outcome_of(system)
    for column, names, value_of in _READERS[id(meaning)]:
        for name in names:
            value = data.get(name)
            if value is not None and value != "" and value != "-":  # noqa: PLR1714 - a list is no member of a set
                row[column] = value_of(value)
                break
    if meaning.table == "authentication":
        row["service"] = text_of(system["Provider_Name"])
    elif meaning.table == "network_activity":
        protocol = row["protocol"]
        row["protocol"] = IP_PROTOCOLS.get(protocol, protocol) if protocol else None
    elif meaning.table == "file_activity":
        _complete_file(row, data)
    user = row["user_name"]
    if user and "\\" in user:
        row["user_name"] = user.rpartition("\\")[2]
        if meaning.table == "authentication" and row["user_domain"] is None:
            row["user_domain"] = user.rpartition("\\")[0]
    elif user and row["activity"] in KERBEROS_SERVICE:
        row["user_name"] = user.partition("@")[0]
    return row


def readers_of(meaning: Meaning) -> list[tuple[str, Names, Callable[[Any], Any]]]:
    """Columns of an event with a meaning: the data that may hold each, and what reads the first that is given."""
    return _READERS[id(meaning)]


def _reader(column: str) -> Callable[[Any], Any]:
    if column in _NUMBERS:
        return integer_of
    return port_of if column.endswith("_port") else address_of if column.endswith("_ip") else text_of


_EMPTY: dict[str, Row] = {
    table: dict.fromkeys(
        [
            "host",
            "activity",
            "outcome",
            "user_name",
            *(["service", "user_domain"] if table == "authentication" else []),
            *(column for meaning in MEANINGS.values() if meaning.table == table for column in meaning.columns),
        ]
    )
    for table in {meaning.table for meaning in MEANINGS.values()}
}
_READERS = {
    id(meaning): [(column, names, _reader(column)) for column, names in meaning.columns.items()]
    for meaning in MEANINGS.values()
}


def _complete_file(row: Row, data: dict[str, Any]) -> None:
    """What the access mask says was done; a path in a share begins with the share."""
    if "AccessMask" in data:
        row["activity"] = file_action(integer_of(data["AccessMask"]), row["activity"])
    if "RelativeTargetName" in data and "ShareName" in data:
        share = text_of(data["ShareName"]) or ""
        row["file_path"] = f"{share}\\{row.get('file_path') or ''}".rstrip("\\")


def _is_of_a_file(meaning: Meaning, data: dict[str, Any]) -> bool:
    """Events of object access are of files only where they say so: keys, services and tokens have the same events."""
    return meaning.table != "file_activity" or data.get("ObjectType") in (None, "File")


def _add_base_event(event: tuple[str, int], system: dict[str, Any], data: dict[str, Any], row: Row, rows: Rows) -> None:
    user = text_of(first_of(data, USERS) or system["UserID"])
    message = data.get(MESSAGES[event]) if event in MESSAGES else None
    if message is None and isinstance(data.get("Data"), list):
        message = "\n".join(text_of(one) or "" for one in data["Data"]).strip()
    rows.add(
        "base_event",
        {
            **row,
            "host": text_of(system["Computer"]),
            "application": text_of(system["Provider_Name"]),
            "pid": integer_of(system["ProcessID"]),
            "severity": LEVELS.get(system["Level"]),
            "event_code": text_of(system["EventID"]),
            "user_name": user.rpartition("\\")[2] if user else None,
            "src_ip": address_of(first_of(data, ADDRESSES)),
            "message": text_of(message),
        },
    )


def outcome_of(system: dict[str, Any]) -> str | None:
    """Audit success or failure, told by the keywords; None for events that are no audit."""
    written = system["Keywords"]
    if isinstance(written, list):
        given = {"Audit Failure": "failure", "Audit Success": "success"}
        return next((outcome for word, outcome in given.items() if word in written), None)
    return _outcome(written or "0") if isinstance(written or "0", str) else None


@lru_cache(maxsize=1 << 8)
def _outcome(written: str) -> str | None:
    try:
        keywords = int(written, 16)
    except ValueError:
        return None
    if keywords & AUDIT_FAILURE:
        return "failure"
    return "success" if keywords & AUDIT_SUCCESS else None


def unmapped_of_event(system: dict[str, Any], data: dict[str, Any]) -> str:
    """All data, and what System says beside them."""
    values = {name: value for name, value in system.items() if value is not None}
    if not values.keys().isdisjoint(data):
        values = {f"System_{name}" if name in data else name: value for name, value in values.items()}
    values.update(data)
    return as_json(values)


def _attributes(system: dict[str, Any], element: str) -> dict[str, Any]:
    found = system.get(element)
    if type(found) is not dict:
        return _NONE
    attributes = found.get("#attributes")
    return attributes if type(attributes) is dict else _NONE
