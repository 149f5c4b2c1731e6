"""Host formats take their own samples, and no others', for their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from kakuho.evidence.content import PlainContent
from kakuho.evidence.formats.cloud.kubernetes_audit import KubernetesAudit
from kakuho.evidence.formats.host import FORMATS
from kakuho.evidence.identification import LEAST_CONFIDENCE, head_of

from ...samples import sample

CARRIED_BY_SYSLOG = ("haproxy", "snort", "cisco_asa")
"""Logs of other programs that reach a file through syslog: syslog may read them where no other format does."""


def claims(path: Path) -> dict[str, float]:
    """The host formats that would take a file, and how sure they are."""
    head = head_of(PlainContent(path), path.name)
    found = [(known.name, known.recognise(head)) for known in (*FORMATS.values(), KubernetesAudit())]
    return {name: one.confidence for name, one in found if one is not None and one.confidence >= LEAST_CONFIDENCE}


@pytest.mark.parametrize(
    "folder",
    ["elastic-beats", "elastic-integrations", "dissect-target", "pgbadger-fixtures", "ocsf-examples", "evtx-parser",
     "modsecurity-native", "mariadb-server-audit", "otrf-security-datasets", "osv-schema"],
)  # fmt: skip
def test_what_is_claimed(folder: str) -> None:
    root = sample(folder)
    own = (
        "auditd",
        "system/auth",
        "system/syslog",
        "system/data_stream/auth",
        "unix/log",
        "system/login",
        "atomic/linux",
    )
    wrong = []
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        taken = claims(path)
        name = str(path.relative_to(root))
        is_log = any(part in name for part in own) and not name.endswith((".json", ".yml", "journal"))
        if is_log and not taken:
            wrong.append((name, "not claimed"))
        carried = (
            set(taken) == {"syslog"} and max(taken.values()) < 1 and any(word in name for word in CARRIED_BY_SYSLOG)
        )
        if not is_log and taken and not carried:
            wrong.append((name, str(taken)))
    assert wrong == []
