"""No format of Windows, cloud or network logs claims a file of another: told on every sample that is here."""

from __future__ import annotations

from pathlib import Path

from kakuho.evidence.content import PlainContent
from kakuho.evidence.formats import cloud, network, windows
from kakuho.evidence.identification import LEAST_CONFIDENCE, head_of

from ..samples import sample

OURS = tuple(known for family in (windows, cloud, network) for known in family.FORMATS.values())
FOLDERS = ("elastic-beats", "elastic-integrations", "modsecurity-native", "mariadb-server-audit", "pgbadger-fixtures")
OWN = {
    "cloudtrail": {"aws_cloudtrail"},
    "s3access": {"aws_s3_access_log"},
    "zeek": {"zeek_json", "zeek_tsv"},
    "suricata": {"suricata_eve"},
}


def _own(path: Path) -> set[str]:
    return {name for part, names in OWN.items() if part in path.as_posix() for name in names}


def test_each_sample_is_claimed_by_its_own_format_alone() -> None:
    wrong = []
    looked_at = 0
    for folder in FOLDERS:
        for path in sample(folder).rglob("*"):
            if not path.is_file() or "expected" in path.name:
                continue
            looked_at += 1
            head = head_of(PlainContent(path), path.name)
            found = {known.name: known.recognise(head) for known in OURS}
            claimed = {name for name, one in found.items() if one and one.confidence >= LEAST_CONFIDENCE}
            if claimed - _own(path):
                wrong.append((path.name, claimed))
    assert looked_at > 300
    assert wrong == []
