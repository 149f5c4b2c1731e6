"""Generated logs of web servers and hosts of which much comes in: every line differs, as in a real log."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

START = datetime(2025, 3, 19, tzinfo=UTC)
STEP = timedelta(milliseconds=60)
REPEATS_AFTER = 50_000
AGENTS = [f"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.{n} Chrome/13{n}.0 Safari/537.36" for n in range(9)]


@dataclass(frozen=True)
class Moment:
    """What happens at a line: its time, a peer, a path, and two numbers drawn anew."""

    time: datetime
    number: int
    address: str
    port: int
    path: str
    agent: str
    small: int
    large: int


def moments() -> Iterator[Moment]:
    """One moment after the other, of a day."""
    draw = random.Random(2)  # noqa: S311 - to be drawn again
    for number in count():
        yield Moment(
            START + STEP * (number % REPEATS_AFTER),
            number,
            f"10.{draw.randrange(9)}.{draw.randrange(256)}.{draw.randrange(1, 255)}",
            draw.randrange(1024, 65_536),
            f"/staff/policyholders/{draw.randrange(90_000)}/?page={draw.randrange(40)}",
            draw.choice(AGENTS),
            draw.randrange(200),
            draw.randrange(300, 60_000),
        )


def _haproxy(at: Moment) -> str:
    small = at.small
    return (
        f"{at.time:%b %d %H:%M:%S} lb haproxy[14389]: {at.address}:{at.port} [{at.time:%d/%b/%Y:%H:%M:%S}.{small:03}]"
        f" https-in~ static/srv{small % 4} {small % 3}/0/{small % 5}/{small}/{small + 9} 200 {at.large} - - ----"
        f" {small}/{small}/{small % 9}/{small % 7}/0 0/0 {{shop.example|{at.agent}}} {{}}"
        f' "GET {at.path} HTTP/1.1"\n'
    )


def _elb(at: Moment) -> str:
    small, stamp = at.small, f"{at.time:%Y-%m-%dT%H:%M:%S}"
    return (
        f"https {stamp}.{at.large:06}Z app/shop/50dc6c495c0c9188 {at.address}:{at.port} 10.0.0.{small % 4}:80"
        f" 0.000 0.{small:03} 0.000 200 200 {small + 300} {at.large}"
        f' "GET https://shop.example:443{at.path} HTTP/2.0" "{at.agent}" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2'
        f" arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/shop/73e2d6bc24d8a067"
        f' "Root=1-67da0a{small:02x}-{at.number:024x}" "shop.example" "arn:aws:acm:ap-northeast-1:123456789012:c/1"'
        f' 0 {stamp}.{small:06}Z "forward" "-" "-" "10.0.0.{small % 4}:80" "200" "-" "-" TID_{at.number:032x}\n'
    )


def _json_access(at: Moment) -> str:
    record = {
        "time": f"{at.time:%Y-%m-%dT%H:%M:%S}+00:00",
        "remote_addr": at.address,
        "remote_user": "",
        "request": f"GET {at.path} HTTP/1.1",
        "status": 200,
        "body_bytes_sent": at.large,
        "request_time": at.small / 1000,
        "http_referer": "https://shop.example/",
        "http_user_agent": at.agent,
        "request_id": f"{at.number:032x}",
        "upstream_addr": f"10.0.0.{at.small % 4}:8000",
        "upstream_response_time": f"0.{at.small:03}",
    }
    return json.dumps(record, separators=(",", ":")) + "\n"


def _modsecurity_json(at: Moment) -> str:
    rules = [
        {
            "message": "SQL Injection Attack Detected via libinjection",
            "details": {
                "match": f"detected SQLi using libinjection with fingerprint 's&{at.small}'",
                "reference": f"v{at.small},{at.large}",
                "ruleId": f"9421{number:02}",
                "file": "/etc/modsecurity/crs/rules/REQUEST-942-APPLICATION-ATTACK-SQLI.conf",
                "lineNumber": "45",
                "data": f"Matched Data: s&{at.small} found within ARGS:q: {at.large}' or '1'='1",
                "severity": "2",
                "ver": "OWASP_CRS/4.10.0",
                "rev": "",
                "tags": ["application-multi", "language-multi", "attack-sqli", "paranoia-level/1", "OWASP_CRS"],
                "maturity": "0",
                "accuracy": "0",
            },
        }
        for number in range(3)
    ]
    transaction = {
        "client_ip": at.address,
        "time_stamp": f"{at.time:%a %b %d %H:%M:%S %Y}",
        "server_id": "f59f5b9d1ae3c24d5eb1a3ba1a7a3d2a3ee2a8a1",
        "client_port": at.port,
        "host_ip": "10.0.0.1",
        "host_port": 443,
        "unique_id": f"{at.number:018}",
        "request": {
            "method": "GET",
            "http_version": 1.1,
            "hostname": "shop.example",
            "uri": at.path,
            "headers": {"Host": "shop.example", "User-Agent": at.agent, "Accept": "*/*", "Cookie": f"s={at.number}"},
        },
        "response": {
            "body": "<html><head><title>403 Forbidden</title></head><body>Forbidden</body></html>\r\n",
            "http_code": 403,
            "headers": {"Server": "nginx", "Content-Length": str(at.large), "Content-Type": "text/html"},
        },
        "producer": {
            "modsecurity": "ModSecurity v3.0.13 (Linux)",
            "connector": "ModSecurity-nginx v1.0.3",
            "secrules_engine": "Enabled",
            "components": ["OWASP_CRS/4.10.0"],
        },
        "messages": rules,
    }
    return json.dumps({"transaction": transaction}, separators=(",", ":")) + "\n"


def _nginx_error(at: Moment) -> str:
    return (
        f"{at.time:%Y/%m/%d %H:%M:%S} [error] 8817#8817: *{at.number} access forbidden by rule, client: {at.address},"
        f' server: shop.example, request: "GET {at.path} HTTP/1.1", host: "shop.example",'
        f' referrer: "https://shop.example/"\n'
    )


def _apache_error(at: Moment) -> str:
    return (
        f"[{at.time:%a %b %d %H:%M:%S}.{at.large:06} {at.time:%Y}] [authz_core:error] [pid {2203 + at.small % 8}:tid"
        f" {at.small}] [client {at.address}:{at.port}] AH01630: client denied by server configuration:"
        f" /srv/www{at.path}, referer: https://shop.example/\n"
    )


def _message(at: Moment) -> tuple[str, str]:
    """A program and its message, as a busy server has them."""
    user = f"user{at.small}"
    kind = at.number % 8
    if kind == 0:
        return "sshd", f"Failed password for invalid user {user} from {at.address} port {at.port} ssh2"
    if kind == 1:
        return (
            "sshd",
            f"Accepted publickey for {user} from {at.address} port {at.port} ssh2: RSA SHA256:{at.number:043}",
        )
    if kind == 2:
        return "sshd", f"pam_unix(sshd:session): session opened for user {user}(uid=1{at.small:03}) by (uid=0)"
    if kind == 3:
        return "sshd", f"Connection closed by invalid user {user} {at.address} port {at.port} [preauth]"
    if kind == 4:
        command = f"/usr/bin/systemctl restart job-{at.large}"
        return "sudo", f"   {user} : TTY=pts/{at.small % 9} ; PWD=/home/{user} ; USER=root ; COMMAND={command}"
    if kind == 5:
        return "CRON", f"pam_unix(cron:session): session closed for user {user}"
    return ("systemd-logind", f"New session {at.number} of user {user}.") if kind == 6 else _plain(at)


def _plain(at: Moment) -> tuple[str, str]:
    return "kernel", f"[{at.number}.{at.large:06}] eth0: link up, 1000Mbps, full-duplex, lpa 0x{at.large:04X}"


def _auth(at: Moment) -> str:
    program, message = _message(at)
    return f"{at.time:%b %d %H:%M:%S} web1 {program}[{at.port}]: {message}\n"


def _syslog(at: Moment) -> str:
    program, message = _message(at) if at.number % 4 == 0 else ("postfix/smtpd", f"connect from h[{at.address}]")
    if at.number % 3 == 0:
        program, message = "systemd", f"Started job-{at.large}.service - a job of the shop."
    return f"{at.time:%b %d %H:%M:%S} web1 {program}[{at.port}]: {message}\n"


def _journal(at: Moment) -> dict[str, str]:
    program, message = _message(at)
    time = int(at.time.timestamp() * 1_000_000)
    return {
        "__CURSOR": f"s=e0860750b48b4e1eacc42bb83898f6ac;i={at.number:x};m={at.number:x};t={time:x};x={time * 7:x}",
        "__REALTIME_TIMESTAMP": str(time),
        "__MONOTONIC_TIMESTAMP": str(at.number * 60_000),
        "__SEQNUM": str(at.number),
        "__SEQNUM_ID": "e0860750b48b4e1eacc42bb83898f6ac",
        "_BOOT_ID": "0123456789abcdef0123456789abcdef",
        "_MACHINE_ID": "fedcba9876543210fedcba9876543210",
        "_HOSTNAME": "web1",
        "_TRANSPORT": "syslog",
        "PRIORITY": str(at.small % 8),
        "SYSLOG_FACILITY": "10",
        "SYSLOG_IDENTIFIER": program,
        "_PID": str(at.port),
        "_UID": "0",
        "_COMM": program,
        "_SYSTEMD_UNIT": f"{program}.service",
        "MESSAGE": message,
    }


def _journal_json(at: Moment) -> str:
    return json.dumps(_journal(at), separators=(",", ":")) + "\n"


def _journal_export(at: Moment) -> str:
    return "".join(f"{name}={value}\n" for name, value in _journal(at).items()) + "\n"


def _audit(at: Moment) -> str:
    head = f"msg=audit({int(at.time.timestamp())}.{at.small:03}:{at.number + 1}): "
    who = f"pid={at.port} uid=0 auid=1000 ses={at.small}"
    if at.number % 2:
        return (
            f'type=USER_AUTH {head}{who} msg=\'op=PAM:authentication grantors=pam_unix acct="user{at.small}"'
            f' exe="/usr/sbin/sshd" hostname={at.address} addr={at.address} terminal=ssh res=success\'\n'
        )
    return (
        f"type=SYSCALL {head}arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=7ffd{at.large:08x} a2=0 a3=0"
        f" items=1 ppid=1 pid={at.port} auid=1000 uid=33 gid=33 euid=33 suid=33 fsuid=33 egid=33 sgid=33 fsgid=33"
        f' tty=(none) ses={at.small} comm="cat" exe="/usr/bin/cat" key="personal"\n'
        f'type=CWD {head}cwd="/srv/shop"\n'
        f'type=PATH {head}item=0 name="/srv/shop/{at.large}.csv" inode={at.number} dev=08:01 mode=0100640 ouid=0'
        f" ogid=33 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0\n"
        f"type=PROCTITLE {head}proctitle=636174002F7372762F73686F70\n"
    )


def _w3c(at: Moment) -> str:
    path, _, query = at.path.partition("?")
    agent = at.agent.replace(" ", "+")
    return (
        f"{at.time:%Y-%m-%d %H:%M:%S} 10.0.0.1 GET {path} {query} 443 - {at.address} {agent} https://shop.example/"
        f" 200 0 0 {at.small}\n"
    )


def _httperr(at: Moment) -> str:
    return f"{at.time:%Y-%m-%d %H:%M:%S} {at.address} {at.port} 10.0.0.1 80 HTTP/1.1 GET {at.path} 400 - Hostname -\n"


def _iis(at: Moment) -> str:
    path, _, query = at.path.partition("?")
    return (
        f"{at.address}, -, {at.time.month}/{at.time.day}/{at.time:%Y, %H:%M:%S}, W3SVC1, WEB1, 10.0.0.1, {at.small},"
        f" 480, {at.large}, 200, 0, GET, {path}, {query},\n"
    )


def _of(line: Callable[[Moment], str], heading: str = "") -> Callable[[], Iterator[bytes]]:
    def lines() -> Iterator[bytes]:
        if heading:
            yield heading.encode()
        for at in moments():
            yield from line(at).encode().splitlines(keepends=True)

    return lines


_W3C_FIELDS = (
    "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer)"
    " sc-status sc-substatus sc-win32-status time-taken\n"
)
_HTTPERR_FIELDS = (
    "#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename\n"
)

TEXT_LOGS: dict[str, Callable[[], Iterator[bytes]]] = {
    "haproxy_log": _of(_haproxy),
    "aws_elb_log": _of(_elb),
    "json_access_log": _of(_json_access),
    "modsecurity_json_log": _of(_modsecurity_json),
    "nginx_error_log": _of(_nginx_error),
    "apache_error_log": _of(_apache_error),
    "auth_log": _of(_auth),
    "syslog": _of(_syslog),
    "journal_export": _of(_journal_export),
    "journal_json": _of(_journal_json),
    "auditd": _of(_audit),
    "w3c_log": _of(_w3c, _W3C_FIELDS),
    "httperr_log": _of(_httperr, _HTTPERR_FIELDS),
    "iis_log": _of(_iis),
}
"""The lines of each format, without end; their times come again after REPEATS_AFTER."""
