"""Whatever the bytes: no crash, and every line or record is an event, rejected or ignored."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakuho.evidence.content import PlainContent
from kakuho.evidence.formats import Declared, Format, SourceFile
from kakuho.evidence.formats.cloud.kubernetes_audit import KubernetesAudit
from kakuho.evidence.formats.host import FORMATS
from kakuho.evidence.identification import head_of

from ...reading import MODIFIED, read_whole

DATA = Path(__file__).resolve().parents[2] / "data" / "host"
AUDIT = (
    b"type=SYSCALL msg=audit(1742342401.123:7): arch=c000003e syscall=59 success=yes exit=0 a0=1 ppid=1 pid=2 uid=0 "
    b'comm="a" exe=2F62696E key="x"\x1dUID="root"\n'
    b'type=EXECVE msg=audit(1742342401.123:7): argc=2 a0="a" a1[0]=6162 a1[1]=63\n'
    b"type=SOCKADDR msg=audit(1742342401.123:8): saddr=020001BBCB0071090000000000000000\n"
    b"node=n type=USER_AUTH msg=audit(1742342401.123:9): pid=1 uid=0 "
    b"msg='op=PAM:x y acct=\"b\" addr=1.2.3.4 res=failed'\n"
)
KUBERNETES = (
    b'{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"1","verb":"get","user":{"username":"u"},'
    b'"sourceIPs":["10.0.0.1"],"objectRef":{"resource":"pods"},"responseStatus":{"code":200},'
    b'"stageTimestamp":"2025-03-19T00:00:01.000000Z"}\n'
)
SEEDS = [AUDIT, KUBERNETES, *(path.read_bytes() for path in sorted(DATA.iterdir()))]
ALL: list[Format] = [*FORMATS.values(), KubernetesAudit()]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A piece of a real log with some bytes changed, doubled, left out or put in."""
    seed = draw(st.sampled_from(SEEDS))
    begin = draw(st.integers(0, max(len(seed) - 1, 0)))
    data = bytearray(seed[begin if draw(st.booleans()) else 0 :][: draw(st.integers(1, 3000))])
    for _ in range(draw(st.integers(0, 8))):
        at = draw(st.integers(0, len(data)))
        piece = draw(
            st.one_of(st.binary(max_size=6), st.sampled_from([b"\n", b"\0", b"'", b'"', b" from ", b"[", b"9" * 30]))
        )
        data[at : at + draw(st.integers(0, 4))] = piece
    return bytes(data)


@pytest.mark.parametrize("known", ALL, ids=lambda known: known.name)
@given(data=st.one_of(mutated(), st.binary(max_size=400)), encoding=st.sampled_from([None, "cp932", "euc_jp"]))
def test_no_crash_and_nothing_lost(
    known: Format, data: bytes, encoding: str | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "hostile"
    path.write_bytes(data)
    content = PlainContent(path)
    head = head_of(content, "wtmp")
    known.recognise(head)
    part = read_whole(known, SourceFile(content, "wtmp", MODIFIED, "", Declared("Asia/Tokyo", encoding)))
    assert part.lines == part.events + len(part.rejects) + part.ignored.total()
    rows = sum(len(table) for name, table in part.tables.items() if name != "sequence")
    assert rows >= part.events


@pytest.mark.parametrize("known", ALL, ids=lambda known: known.name)
@pytest.mark.timeout(20)
def test_long_lines_take_linear_time(known: Format, tmp_path: Path) -> None:
    path = tmp_path / "long"
    heading = b"Mar 19 09:00:01 h "
    pieces = [
        b"a",
        b"a=",
        b'a="',
        b"a='",
        b" from 1.1.1.1 port 1 ssh2",
        b" ; TTY=",
        b"sudo: a : b ; PWD=",
        b"[a ",
        b"\x1d",
    ]
    bodies = [piece * (200_000 // len(piece)) for piece in pieces]
    path.write_bytes(
        b"".join(
            heading + b"sshd: Failed password for " + body + b"\n" + heading + b"sudo: " + body + b"\n"
            for body in bodies
        )
        + b"".join(b"type=USER_AUTH msg=audit(1742342401.123:9): " + body + b" msg='" + body + b"\n" for body in bodies)
    )
    content = PlainContent(path)
    part = read_whole(known, SourceFile(content, "long", MODIFIED, "", Declared("UTC")))
    assert part.lines
