"""One event of the Linux audit log as rows: its records put together.

The user of a row is the effective one, by name where the record is enriched, else ``root`` or the number; the login
user (``auid``), which stays the same through ``su`` and ``sudo``, is in ``unmapped``. The latter holds the decoded
fields of every record under the record's type.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field

from kakuho.evidence.formats.host.audit_addresses import SocketAddress, socket_address
from kakuho.evidence.formats.host.audit_records import ARGUMENT, Fields, fields_of
from kakuho.evidence.formats.host.audit_syscall_numbers import SYSCALL_NAMES
from kakuho.evidence.formats.host.audit_words import (
    AUTHENTICATION,
    EXECUTES,
    FILE_ACTIVITIES,
    FROM_THE_PEER,
    NETWORK_ACTIVITIES,
    OPENS,
    OTHER,
    PROCESS_ACTIVITIES,
    TYPE_NAMES,
)
from kakuho.evidence.formats.rows_by_table import Row, RowsByTable, as_json, ip_address, whole_number

_UNSET = "4294967295"
_UNKNOWN = frozenset({"?", "(null)", "(none)", "(unknown)", "", "-1"})
_OUTCOMES = {
    "yes": "success",
    "success": "success",
    "1": "success",
    "no": "failure",
    "failed": "failure",
    "fail": "failure",
    "0": "failure",
}
_IN_PROGRESS = "-115"
"""EINPROGRESS: a connection that does not block was begun; whether it came about, the record does not say."""

_OF_A_SYSTEM_CALL = frozenset(
    ["SYSCALL", "EXECVE", "CWD", "PATH", "PROCTITLE", "SOCKADDR", "SOCKETCALL", "BPRM_FCAPS", "CAPSET", "MMAP"]
)
_END_OF_EVENT = "EOE"
_ACCESS_MODE = 3
_CREATES = 0o100


@dataclass(slots=True)
class AuditEvent:
    """The records of one event, with the place of its first line; ``time`` in microseconds since 1970."""

    time: int
    line: int
    byte_offset: int
    node: str | None
    serial: int
    records: list[tuple[str, str]] = field(default_factory=list)

    def add(self, kind: str, body: str) -> None:
        """Add a record; one that only says that the event ends (EOE) is left out unless it stands alone."""
        if kind.startswith(("UNKNOWN[", "1")):
            kind = TYPE_NAMES.get(kind.removeprefix("UNKNOWN[").rstrip("]"), kind)
        if kind != _END_OF_EVENT or not self.records:
            self.records.append((kind, body))

    @property
    def stream(self) -> str:
        """Whose serial number it is: the kernel's, or the audit daemon's own."""
        daemon = self.records[0][0].startswith("DAEMON_")
        return (self.node or "audit") + ("/daemon" if daemon else "")


def add_rows(event: AuditEvent, rows: RowsByTable, encoding: str | None) -> None:
    """Add the rows of an event."""
    records: dict[str, Fields] = {}
    paths: list[Fields] = []
    for kind, body in event.records:
        fields = fields_of(kind, body, encoding)
        if kind == "PATH":
            paths.append(fields)
        elif kind in records:
            records[kind] = {**fields, **records[kind]} if kind == "EXECVE" else records[kind] | fields
        else:
            records[kind] = fields
    if "PROCTITLE" in records and "proctitle" in records["PROCTITLE"]:
        records["PROCTITLE"]["proctitle"] = records["PROCTITLE"]["proctitle"].replace("\0", " ").rstrip()
    base: Row = {"time": event.time, "line": event.line, "byte_offset": event.byte_offset, "host": event.node}
    kind = event.records[0][0]
    if "SYSCALL" in records:
        _of_system_call(records, paths, base, rows)
        if kind in AUTHENTICATION:
            _of_authentication(kind, records[kind], base, records, rows)
        elif kind not in _OF_A_SYSTEM_CALL:
            _of_other(kind, event.records[0][1], base, records, paths, rows)
    elif "EXECVE" in records:
        rows.add(
            "process_activity",
            base | {"activity": "launch", **_command(records), "unmapped": _unmapped(records, paths)},
        )
    elif kind == "USER_CMD":
        _of_command(records[kind], base, records, rows)
    elif kind in AUTHENTICATION:
        _of_authentication(kind, records[kind], base, records, rows)
    else:
        _of_other(kind, event.records[0][1], base, records, paths, rows)


def _of_system_call(records: dict[str, Fields], paths: list[Fields], base: Row, rows: RowsByTable) -> None:
    call = records["SYSCALL"]
    name = call.get("SYSCALL") or SYSCALL_NAMES.get(call.get("arch", ""), {}).get(call.get("syscall", ""))
    name = name or call.get("syscall") or ""
    outcome = None if call.get("exit") == _IN_PROGRESS else _OUTCOMES.get(call.get("success", ""))
    row = base | {
        "outcome": outcome,
        "user_name": _user(call, "euid" if "euid" in call else "uid"),
        "process_path": _known(call.get("exe")),
    }
    if "EXECVE" in records or name in EXECUTES:
        unmapped = _unmapped(records, paths, name)
        rows.add(
            "process_activity", row | _identity(call) | _command(records) | {"activity": "launch", "unmapped": unmapped}
        )
        return
    address = socket_address(records["SOCKADDR"].get("saddr", "")) if "SOCKADDR" in records else None
    unmapped = _unmapped(records, paths, name, address)
    if address is not None and address.ip is not None:
        ours = "src" if name in FROM_THE_PEER else "dst"
        ends = {f"{ours}_ip": address.ip, f"{ours}_port": address.port}
        rows.add(
            "network_activity", row | ends | {"activity": NETWORK_ACTIVITIES.get(name, OTHER), "unmapped": unmapped}
        )
        return
    common = row | {"pid": whole_number(call.get("pid")), "session_id": _session(call), "unmapped": unmapped}
    if paths:
        for activity, path in _files(name, call, records.get("CWD", {}).get("cwd"), paths):
            rows.add("file_activity", common | {"activity": activity, "file_path": path})
    else:
        title = records.get("PROCTITLE", {}).get("proctitle")
        activity = PROCESS_ACTIVITIES.get(name, OTHER)
        rows.add("process_activity", common | _identity(call) | {"activity": activity, "command_line": title})


def _files(name: str, call: Fields, cwd: str | None, paths: list[Fields]) -> list[tuple[str, str | None]]:
    """The activity and the whole path for each file that the call was about, its folders left out."""
    meant = [path for path in paths if path.get("nametype", path.get("objtype")) != "PARENT"] or paths[:1]
    found = []
    for path in meant:
        where = _known(path.get("name"))
        if where is not None and cwd and not where.startswith("/"):
            where = posixpath.join(cwd, where)
        found.append((_file_activity(name, call, path), where))
    return found


def _file_activity(name: str, call: Fields, path: Fields) -> str:
    kind = path.get("nametype", path.get("objtype"))
    if name in OPENS or name == "openat2":
        if kind == "CREATE":
            return "create"
        flags = call.get(OPENS.get(name, ""), "")
        try:
            return "update" if int(flags, 16) & (_ACCESS_MODE | _CREATES) & _ACCESS_MODE else "read"
        except ValueError:
            return "open"
    return FILE_ACTIVITIES.get(name) or {"CREATE": "create", "DELETE": "delete"}.get(kind or "", OTHER)


def _identity(call: Fields) -> Row:
    return {
        "pid": whole_number(call.get("pid")),
        "parent_pid": whole_number(call.get("ppid")),
        "session_id": _session(call),
    }


def _command(records: dict[str, Fields]) -> Row:
    """The command line: the arguments of EXECVE put together, else the process title."""
    execve = records.get("EXECVE")
    if execve is None:
        return {"command_line": records.get("PROCTITLE", {}).get("proctitle")}
    return {"command_line": " ".join(arguments_of(execve))}


def arguments_of(execve: Fields) -> list[str]:
    """The arguments in order; those that were cut in pieces (``a2[0]``, ``a2[1]``) whole again."""
    pieces: dict[int, list[tuple[int, str]]] = {}
    for key, value in execve.items():
        found = ARGUMENT.fullmatch(key)
        if found is not None:
            pieces.setdefault(int(found[1]), []).append((int(found[2] or 0), value))
    return ["".join(text for _, text in sorted(pieces[number])) for number in sorted(pieces)]


def _of_command(fields: Fields, base: Row, records: dict[str, Fields], rows: RowsByTable) -> None:
    command = _known(fields.get("cmd"))
    rows.add(
        "process_activity",
        base
        | {
            "activity": "launch",
            "outcome": _outcome(fields),
            "user_name": _user(fields, "uid"),
            "parent_pid": whole_number(fields.get("pid")),
            "parent_path": _known(fields.get("exe")),
            "command_line": command,
            "session_id": _session(fields),
            "unmapped": _unmapped(records, []),
        },
    )


def _of_authentication(kind: str, fields: Fields, base: Row, records: dict[str, Fields], rows: RowsByTable) -> None:
    program = _known(fields.get("exe"))
    name = _known(fields.get("acct")) or fields.get("ID")
    if name is None:
        number = fields.get("id") or (fields.get("auid") if kind == "LOGIN" else None)
        name = fields.get("AUID") if kind == "LOGIN" and "AUID" in fields else _name_of(number)
    protocol = "publickey" if fields.get("op", "").startswith("pubkey") else None
    rows.add(
        "authentication",
        base
        | {
            "service": posixpath.basename(program) if program else None,
            "activity": AUTHENTICATION[kind],
            "outcome": _outcome(fields),
            "user_name": name,
            "src_ip": ip_address(fields.get("addr")) or ip_address(fields.get("hostname")),
            "auth_protocol": protocol,
            "logon_type": _known(fields.get("terminal")),
            "session_id": _session(fields),
            "message": kind,
            "unmapped": _unmapped(records, []),
        },
    )


def _of_other(
    kind: str, body: str, base: Row, records: dict[str, Fields], paths: list[Fields], rows: RowsByTable
) -> None:
    fields = records.get(kind, {})
    outcome = _outcome(fields)
    rows.add(
        "base_event",
        base
        | {
            "application": _known(fields.get("exe")) or _known(fields.get("comm")) or "auditd",
            "pid": whole_number(fields.get("pid")),
            "severity": "warning" if outcome == "failure" or kind.startswith("ANOM_") else None,
            "event_code": kind,
            "user_name": _known(fields.get("acct")) or _user(fields, "uid"),
            "src_ip": ip_address(fields.get("addr")),
            "message": body.partition("\x1d")[0].strip(),
            "unmapped": _unmapped(records, paths),
        },
    )


def _unmapped(
    records: dict[str, Fields], paths: list[Fields], call: str | None = None, address: SocketAddress | None = None
) -> str | None:
    kept: dict[str, object] = {kind: fields for kind, fields in records.items() if fields}
    if "EXECVE" in records:
        kept["EXECVE"] = {"argc": records["EXECVE"].get("argc"), "args": arguments_of(records["EXECVE"])}
    if paths:
        kept["PATH"] = paths
    if call:
        kept["syscall"] = call
    if address is not None and address.path is not None:
        kept["socket_path"] = address.path
    return as_json(kept)


def _outcome(fields: Fields) -> str | None:
    return _OUTCOMES.get(fields.get("res", fields.get("result", "")).lower())


def _session(fields: Fields) -> str | None:
    number = _known(fields.get("ses"))
    return None if number == _UNSET else number


def _user(fields: Fields, key: str) -> str | None:
    named = fields.get(key.upper())
    return named if named and named != "unset" else _name_of(fields.get(key))


def _name_of(number: str | None) -> str | None:
    number = _known(number)
    if number is None or number == _UNSET:
        return None
    return "root" if number == "0" else number


def _known(text: str | None) -> str | None:
    return None if text is None or text in _UNKNOWN else text
