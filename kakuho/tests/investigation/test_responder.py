"""responder.toml: decisions on access paths, and what is wrong with a file that cannot be read as such."""

from __future__ import annotations

from pathlib import Path

import pytest

from kakuho.errors import UsageError
from kakuho.investigation.responder import read_path_decisions

from .world import INVENTORY

GOOD = """\
# what the responder found out
[[path]]
id = "backup"
state = "closed"
basis = "no access in the backup store's own log"
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "responder.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_path_a_state_and_what_it_stands_on(tmp_path: Path) -> None:
    assert read_path_decisions(written(tmp_path, GOOD), INVENTORY) == [
        {"id": "backup", "state": "closed", "basis": "no access in the backup store's own log"}
    ]


@pytest.mark.parametrize(
    ("wrong", "what", "where"),
    [
        (GOOD.replace('"backup"', '"bakcup"'), "the inventory has no path 'bakcup'", "line 3: id"),
        (GOOD.replace('"closed"', '"shut"'), "no state 'shut': used, open or closed", "line 4: state"),
        (GOOD.replace('basis = "', 'bases = "'), "a [[path]] without basis", "line 2: basis"),
        (GOOD + 'by = "me"\n', "[[path]] has no field by", "line 6: by"),
        (GOOD + GOOD, "path 'backup' is decided twice", "line 8: id"),
        (GOOD.replace('"closed"', "true"), "a [[path]] without state", "line 4: state"),
        ("path = 3\n", "a decisions file holds [[path]] tables only", "path"),
        ("[indicators]\n", "a decisions file holds [[path]] tables only", "indicators"),
        (GOOD.replace("]]", "]"), "the decisions file is not valid TOML", "line 2"),
    ],
)
def test_what_is_wrong_is_told_with_file_line_and_field(tmp_path: Path, wrong: str, what: str, where: str) -> None:
    file = written(tmp_path, wrong)
    with pytest.raises(UsageError) as caught:
        read_path_decisions(file, INVENTORY)
    assert caught.value.what == what
    assert caught.value.where.startswith(str(file)) and where in caught.value.where
    assert caught.value.remedy


def test_an_unknown_path_is_answered_with_those_that_exist(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_path_decisions(written(tmp_path, GOOD.replace('"backup"', '"x"')), INVENTORY)
    assert "web.login, web.mypage" in caught.value.remedy


@pytest.mark.parametrize("content", [None, b"\x80\x81"])
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "responder.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UsageError, match="cannot be read as UTF-8"):
        read_path_decisions(file, INVENTORY)
