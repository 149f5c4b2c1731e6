"""What left encrypted, with its key out of reach, is told in a note under the table; a clear item has no such note."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from kakuho.cli import main

ENCRYPTED = "account_number, kakuho: {item: bank_account, protection: {encrypted: vault}}"
KEYS = """\
access_paths: [{id: host, kind: host, collections: '*'}]
keys:
- {id: vault, reached_by: [host]}
"""


@pytest.fixture
def published(tmp_path: Path, contract):
    """Notices of a case that keeps account numbers encrypted; those of the first policyholders left as ciphertext."""

    def publish(protected: int) -> dict[str, str]:
        inventory = tmp_path / "encrypted.yaml"
        plain = contract.INVENTORY.read_text(encoding="utf-8")
        text = plain.replace("account_number, kakuho: {item: bank_account}", ENCRYPTED)
        inventory.write_text(text.replace("access_paths: []\n", KEYS), encoding="utf-8")
        rows = contract.verdict_rows(contract.POPULATION, contract.CONFIRMED)
        first = [
            row["item"] == "bank_account"
            and row["category"] == "policyholder"
            and int(row["subject"][13:]) <= protected
            for row in rows.to_pylist()
        ]
        rows = rows.append_column("protected", pa.array(first))
        case = contract.make_case(tmp_path / "case", inventory=inventory, rows=rows)
        assert main(["--case", str(case.directory), "report", "--json"]) == 0
        notices = case.publications.glob("*/notice-2.*.md")
        return {path.name.split(".")[1]: path.read_text(encoding="utf-8") for path in notices}

    return publish


def test_the_note_says_how_many_were_encrypted_with_the_key_out_of_reach(published) -> None:
    notices = published(500)
    ja = "うち暗号化された状態で出たもので、復号のための鍵は守られていたもの：500件"
    assert ja in notices["ja"]
    assert "it left encrypted only, with the key to decrypt it out of reach: 500 records" in notices["en"]


def test_without_such_a_cell_the_note_is_as_before(published) -> None:
    notices = published(0)
    assert "鍵" not in notices["ja"]
    assert "うち、金融機関口座情報が対象となるもの：520件" in notices["ja"]
