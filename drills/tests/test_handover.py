"""What is handed over, and what is left out."""

from pathlib import Path

import pytest
import yaml

from drills import legacy
from drills.handover import UnknownSourceError, hand_over, parse_left_out

INVENTORY = """
inventory: 1
access_paths:
- {id: web.mypage.profile, kind: route, path: '^/mypage/profile/$'}
- {id: database.web_role, kind: database_role, role: petinsurance_web, collections: '*', witnesses: [database_log]}
"""

KNOWN = """
[[path]]
id = "database.web_role"
state = "open"
basis = "nobody looked"
"""


@pytest.fixture
def found(tmp_path: Path) -> Path:
    logs = tmp_path / "logs"
    (logs / "ledger").mkdir(parents=True)
    (logs / "access.log").write_text("a line\n")
    (logs / "postgresql.json").write_text("{}\n")
    (logs / "postgresql.log").write_text("not evidence\n")
    (logs / "ledger" / "checkpoints.jsonl").write_text("{}\n")
    (tmp_path / "snapshot.dump").write_bytes(b"PGDMP")
    (tmp_path / "inventory.yaml").write_text(INVENTORY)
    (tmp_path / "known.toml").write_text(KNOWN)
    return tmp_path


def _names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_everything_is_handed_over_unless_something_is_left_out(found: Path) -> None:
    folder = found / "evidence"
    hand_over(folder, found / "logs", found / "snapshot.dump", found / "inventory.yaml", None, found / "known.toml", ())
    assert _names(folder) == [
        "access.log",
        "inventory.yaml",
        "ledger/checkpoints.jsonl",
        "postgresql.json",
        "responder.toml",
        "snapshot.dump",
    ]


def test_sources_are_left_out(found: Path) -> None:
    folder = found / "evidence"
    left_out = parse_left_out("-ledger,-dblog")
    handed = hand_over(
        folder, found / "logs", found / "snapshot.dump", found / "inventory.yaml", None, found / "known.toml", left_out
    )
    assert _names(folder) == ["access.log", "inventory.yaml", "responder.toml", "snapshot.dump"]
    assert [file.name for file in handed.files] == ["access.log", "snapshot.dump"]


@pytest.mark.parametrize(
    ("text", "names"),
    [("", ()), ("-ledger", ("ledger",)), ("-ledger,-dblog", ("dblog", "ledger")), (" -access , ", ("access",))],
)
def test_the_wish_is_read(text: str, names: tuple[str, ...]) -> None:
    assert parse_left_out(text) == names


@pytest.mark.parametrize("text", ["ledger", "-snapshot", "-ledger,-everything"])
def test_an_unknown_source_is_refused_by_name(text: str) -> None:
    with pytest.raises(UnknownSourceError, match="is nothing that can be left out"):
        parse_left_out(text)


def test_the_legacy_page_is_added_to_the_inventory(found: Path) -> None:
    overlay = Path(legacy.__file__).parent / "inventory.yaml"
    handed = hand_over(
        found / "evidence",
        found / "logs",
        found / "snapshot.dump",
        found / "inventory.yaml",
        overlay,
        found / "known.toml",
        (),
    )
    paths = {path["id"]: path for path in yaml.safe_load(handed.inventory.read_text(encoding="utf-8"))["access_paths"]}
    assert set(paths) == {"web.legacy.lookup", "web.mypage.profile", "database.web_role"}
    assert paths["web.legacy.lookup"]["parameters"] == ["no"]
    assert paths["database.web_role"]["through"] == ["web.legacy.lookup"]
    assert "through" not in paths["web.mypage.profile"]


def test_what_the_responder_knows_is_handed_over_beside_the_evidence(found: Path) -> None:
    handed = hand_over(
        found / "evidence",
        found / "logs",
        found / "snapshot.dump",
        found / "inventory.yaml",
        None,
        found / "known.toml",
        (),
    )
    assert handed.responder.read_text(encoding="utf-8") == KNOWN
    assert handed.known_paths == ({"id": "database.web_role", "state": "open", "basis": "nobody looked"},)
