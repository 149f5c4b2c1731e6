"""What programs that let people in write to syslog: sshd, sudo, su, login, PAM, systemd-logind, cron, useradd …

Each message gives rows without time and place: (table, columns), ``unmapped`` still a mapping. What is none of these
stays a plain message. User names are chosen by whoever knocks: ``Failed password for invalid user root from 1.1.1.1
from 2.2.2.2 port 4 ssh2`` comes from 2.2.2.2, so the last address counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from kakuho.evidence.formats.host.audit_words import LOGOFF, LOGON, OTHER
from kakuho.evidence.formats.rows_by_table import Row, ip_address, port

Found = list[tuple[str, Row]]
_NOTHING: Found = []

_SSH_METHOD = re.compile(
    r"(Accepted|Failed|Postponed|Partial) (\S+) for (invalid user |illegal user )?(.*) from (\S+)"
    r"(?: port (\d+))?(?: (ssh\d?))?(?:: (.*))?(?: \[preauth\])?"
)
_SSH_INVALID = re.compile(r"(?:Invalid|Illegal) user (.*) from (\S+)(?: port (\d+))?")
_SSH_REFUSED = re.compile(
    r"(?:error: maximum authentication attempts exceeded for (?:invalid user )?(?P<many>.*) from (?P<many_ip>\S+)"
    r" port (?P<port>\d+) ssh2"
    r"|User (?P<user>.*) from (?P<ip>\S+) not allowed because .*"
    r"|ROOT LOGIN REFUSED FROM (?P<root_ip>\S+)(?: port (?P<root_port>\d+))?)(?: \[preauth\])?"
)
_SSH_DISCONNECTED = re.compile(r"Disconnected from user (.*) (\S+) port (\d+)")
_SSH_PEER = re.compile(r"(?:from|by|with) ([0-9a-fA-F.:]{3,45})(?: port \d+)?(?=[\s:,;]|$)")
_THE_REST_IS_THE_PEERS = ("Received disconnect from", "fatal: Unable to negotiate with", "Unable to negotiate with")
_LAST_PEER = re.compile(r"(?:.* )?([0-9a-fA-F.:]{3,45}) port \d+(?: \[preauth\])?")
_OCTAL = re.compile(r"((?:\\[0-3][0-7]{2})+)")
_PAM = re.compile(r"pam_(\w+)\(([^:)\s]+):(\w+)\): (.*)")
_PAM_SESSION = re.compile(
    r"session (opened|closed) for user ([^\s(]+)(?:\(uid=\d+\))?(?: by ([^\s(]*)(?:\(uid=(\d+)\))?)?.*"
)
_PAM_FAILURE = re.compile(
    r"(?:(?:PAM )?(\d+) more )?authentication failures?; logname=(\S*) uid=\d* euid=\d* tty=(\S*) ruser=(\S*) "
    r"rhost=(\S*)(?: +user=(.*))? *"
)
_SU = (
    (re.compile(r"(?:Successful su for (?P<to>\S+) by (?P<by>\S+))"), "success"),
    (re.compile(r"(?:FAILED su for (?P<to>\S+) by (?P<by>\S+))"), "failure"),
    (re.compile(r"FAILED SU \(to (?P<to>\S+)\) (?P<by>\S+) on (?P<tty>\S+)"), "failure"),
    (re.compile(r"failed: (?P<tty>\S+) changing from (?P<by>\S+) to (?P<to>\S+)"), "failure"),
    (re.compile(r"BAD SU (?P<by>\S+) to (?P<to>\S+) on (?P<tty>\S+)"), "failure"),
    (re.compile(r"\(to (?P<to>\S+)\) (?P<by>\S+) on (?P<tty>\S+)"), "success"),
    (re.compile(r"(?:\+ )?(?P<tty>/dev/\S+|\S+) (?P<by>[^\s:]+):(?P<to>[^\s:]+)"), "success"),
    (re.compile(r"- (?P<tty>/dev/\S+|\S+) (?P<by>[^\s:]+):(?P<to>[^\s:]+)"), "failure"),
    (re.compile(r"(?P<by>\S+) to (?P<to>\S+) on (?P<tty>\S+)"), "success"),
)
_LOGIN = (
    (re.compile(r"FAILED LOGIN (?:\(\d+\)|\d+)(?: on '?(?P<tty>[^\s']+)'?)?(?: (?:FROM|from) '?(?P<ip>[^\s']+)'?)? "
                r"FOR '?(?P<user>[^',]*)'?,.*"), "failure"),
    (re.compile(r"LOGIN ON (?P<tty>\S+) BY (?P<user>\S+)(?: FROM (?P<ip>\S+))?"), "success"),
    (re.compile(r"(?P<user>ROOT) LOGIN +(?:ON|on) '?(?P<tty>[^\s']+)'?(?: FROM (?P<ip>\S+))?.*"), "success"),
)  # fmt: skip
_SESSION = re.compile(r"New session (\S+) of user (.*)\.")
_SESSION_REMOVED = re.compile(r"Removed session (\S+)\.")
_CRON = re.compile(r"\(([^)]*)\) CMD \((.*)\)\s*")
_REPEATED = re.compile(r"message repeated (\d+) times: \[ ?(.*)\]")
_SOLARIS = re.compile(r"\[ID \d+ \w+\.\w+\] ")
_ACCOUNT = re.compile(r"(?:name=|(?:user|account|group|for|USER) ')([^',\s]+)|password changed for (\S+)")

PROGRAMS_THAT_LET_IN = frozenset(
    {
        "sshd", "sshd-session", "sudo", "su", "login", "systemd-logind", "CRON", "cron", "crond", "useradd", "userdel",
        "usermod", "groupadd", "groupdel", "groupmod", "passwd", "chpasswd", "chage", "chfn", "chsh", "gpasswd",
        "polkitd", "pkexec", "gdm-password", "systemd-user", "atd", "runuser", "auth", "vsftpd", "newusers",
    }
)  # fmt: skip
"""Programs whose messages make a file an authentication log."""

_CHANGE_ACCOUNTS = frozenset(
    {
        "useradd", "userdel", "usermod", "groupadd", "groupdel", "groupmod", "passwd", "chpasswd", "chage", "chfn",
        "chsh", "gpasswd", "newusers",
    }
)  # fmt: skip


def rows_of_message(application: str, message: str) -> Found:
    """The rows that a message of ``application`` gives; none where it is only a message."""
    program = application.rpartition("/")[2].partition("(")[0]
    if message.startswith("message repeated ") and (repeated := _REPEATED.fullmatch(message)):
        found = rows_of_message(application, repeated[2])
        return [(table, row | {"unmapped": row.get("unmapped", {}) | {"count": repeated[1]}}) for table, row in found]
    if message.startswith("[ID ") and (prefix := _SOLARIS.match(message)):
        message = message[prefix.end() :]
    if message.startswith("pam_"):
        return _pam(message)
    known = _PROGRAMS.get(program)
    found = known(program, message) if known else _NOTHING
    if not found and "authentication failure" in message and (failure := _PAM_FAILURE.fullmatch(message)):
        return _failure(program, failure)
    return found or (_pam_text(program, message) if application.endswith("(pam_unix)") else _NOTHING)


def peer_of(message: str) -> str | None:
    """The address that a message of sshd names in passing: the last one, unless what comes after is the peer's text."""
    if not message.startswith(_THE_REST_IS_THE_PEERS) and (last := _LAST_PEER.fullmatch(message)):
        return ip_address(last[1])
    found = _SSH_PEER.search(message)
    return ip_address(found[1]) if found else None


def readable(user: str | None) -> str | None:
    """A user's name with sshd's octal escapes (``\\347\\224\\260``, vis(3)) read as UTF-8 where they are."""
    if not user or "\\" not in user:
        return user or None
    return _OCTAL.sub(_from_octal, user)


def _from_octal(found: re.Match[str]) -> str:
    data = bytes(int(number, 8) for number in found[1].split("\\")[1:])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return found[1]


def account_of(application: str | None, message: str) -> str | None:
    """The account that a message of useradd, passwd and the like is about."""
    found = _ACCOUNT.search(message) if application in _CHANGE_ACCOUNTS else None
    return (found[1] or found[2]) if found else None


def _sshd(program: str, message: str) -> Found:
    first = message[:9]
    if first.startswith(("Accepted ", "Failed ", "Postponed", "Partial ")):
        found = _SSH_METHOD.fullmatch(message)
        if found is None:
            return _NOTHING
        outcome = {"Accepted": "success", "Failed": "failure"}.get(found[1])
        row = {
            "activity": LOGON if outcome else OTHER,
            "outcome": outcome,
            "user_name": readable(found[4]),
            "auth_protocol": found[2],
            **_from(found[5], found[6]),
        }
        kept: dict[str, object] = {}
        if found[3]:
            kept["invalid_user"] = True
        if found[8] and found[8] != "[preauth]":
            kept["key"] = found[8].removesuffix(" [preauth]")
        return [("authentication", {**_logon("sshd", row), "unmapped": kept})]
    if first.startswith(("Invalid u", "Illegal u")) and (found := _SSH_INVALID.fullmatch(message)):
        return [("authentication", _failed("sshd", found[1], found[2], found[3]))]
    if first.startswith(("error: ma", "User ", "ROOT LOGI")) and (found := _SSH_REFUSED.fullmatch(message)):
        if found["root_ip"]:
            return [("authentication", _failed("sshd", "root", found["root_ip"], found["root_port"]))]
        user, ip = (found["many"], found["many_ip"]) if found["many_ip"] else (found["user"], found["ip"])
        return [("authentication", _failed("sshd", user, ip, found["port"]))]
    if first == "Disconnec" and (found := _SSH_DISCONNECTED.fullmatch(message)):
        row = {"activity": LOGOFF, "outcome": "success", "user_name": found[1], **_from(found[2], found[3])}
        return [("authentication", _logon("sshd", row))]
    return _NOTHING


def _sudo(program: str, message: str) -> Found:
    heading, is_command, command = message.partition(" ; COMMAND=")
    user, is_by_user, rest = heading.strip().partition(" : ")
    if not is_command or not is_by_user:
        return _NOTHING
    given = [part.partition("=") for part in rest.split(" ; ")]
    fields = {key: value for key, mark, value in given if mark and key.isupper()}
    reason = given[0][0] if not given[0][1] else None
    tty, cwd, target = (fields.get(key) for key in ("TTY", "PWD", "USER"))
    outcome = "failure" if reason else "success"
    about = {"cwd": cwd, "run_as": target, "tty": tty, "reason": reason}
    kept = {key: value for key, value in about.items() if value}
    row: Row = {
        "activity": "launch",
        "outcome": outcome,
        "user_name": user,
        "command_line": command,
        "parent_path": program,
        "unmapped": kept,
    }
    rows: Found = [("process_activity", row)]
    if reason:
        refused = {"activity": LOGON, "outcome": "failure", "user_name": user, "logon_type": tty, "unmapped": kept}
        rows.append(("authentication", _logon("sudo", refused)))
    return rows


def _su(program: str, message: str) -> Found:
    for pattern, outcome in _SU:
        if found := pattern.fullmatch(message):
            kept = {"by": found["by"]}
            tty = found["tty"] if "tty" in pattern.groupindex else None
            row = {"activity": LOGON, "outcome": outcome, "user_name": found["to"], "logon_type": tty}
            return [("authentication", {**_logon("su", row), "unmapped": kept})]
    return _NOTHING


def _login(program: str, message: str) -> Found:
    for pattern, outcome in _LOGIN:
        if found := pattern.fullmatch(message):
            user = "root" if found["user"] == "ROOT" else found["user"]
            ip = found["ip"]
            row = {"activity": LOGON, "outcome": outcome, "user_name": user or None, "logon_type": found["tty"]}
            return [("authentication", _logon("login", row | _from(ip, None)))]
    return _NOTHING


def _logind(program: str, message: str) -> Found:
    if found := _SESSION.fullmatch(message):
        row = {"activity": LOGON, "outcome": "success", "user_name": found[2], "session_id": found[1]}
    elif found := _SESSION_REMOVED.fullmatch(message):
        row = {"activity": LOGOFF, "outcome": "success", "session_id": found[1]}
    else:
        return _NOTHING
    return [("authentication", _logon("systemd-logind", row))]


def _cron(program: str, message: str) -> Found:
    found = _CRON.fullmatch(message)
    if found is None:
        return _NOTHING
    row = {"activity": "launch", "user_name": found[1], "command_line": found[2].strip(), "parent_path": program}
    return [("process_activity", row)]


def _pam(message: str) -> Found:
    found = _PAM.fullmatch(message)
    if found is None:
        return _NOTHING
    return _pam_text(found[2], found[4])


def _pam_text(service: str, text: str) -> Found:
    if session := _PAM_SESSION.fullmatch(text):
        return _session_of(service, session)
    if failure := _PAM_FAILURE.fullmatch(text):
        return _failure(service, failure)
    if text == "check pass; user unknown":
        return [("authentication", _logon(service, {"activity": LOGON, "outcome": "failure"}))]
    return _NOTHING


def _session_of(service: str, found: re.Match[str]) -> Found:
    row = {
        "activity": LOGON if found[1] == "opened" else LOGOFF,
        "outcome": "success",
        "user_name": found[2],
        "unmapped": {key: value for key, value in (("by", found[3]), ("by_uid", found[4])) if value},
    }
    return [("authentication", _logon(service, row))]


def _failure(service: str, found: re.Match[str]) -> Found:
    more, logname, tty, ruser, rhost, user = found.groups()
    kept = {"count": more, "logname": logname, "ruser": ruser}
    if not ip_address(rhost):
        kept["rhost"] = rhost
    row = {
        "activity": OTHER if more else LOGON,
        "outcome": "failure",
        "user_name": (user or "").strip() or ruser or None,
        "logon_type": tty or None,
        "src_ip": ip_address(rhost),
        "unmapped": {key: value for key, value in kept.items() if value},
    }
    return [("authentication", _logon(service, row))]


def _logon(service: str, row: Row) -> Row:
    return {"service": service, **row}


def _failed(service: str, user: str | None, ip: str | None, from_port: str | None) -> Row:
    return _logon(
        service, {"activity": LOGON, "outcome": "failure", "user_name": readable(user), **_from(ip, from_port)}
    )


def _from(address: str | None, from_port: str | None) -> Row:
    return {"src_ip": ip_address(address), "src_port": port(from_port)}


_PROGRAMS: dict[str, Callable[[str, str], Found]] = {
    "sshd": _sshd,
    "sshd-session": _sshd,
    "sudo": _sudo,
    "su": _su,
    "login": _login,
    "systemd-logind": _logind,
    "CRON": _cron,
    "cron": _cron,
    "crond": _cron,
}
