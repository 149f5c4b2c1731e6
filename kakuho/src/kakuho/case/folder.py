"""The folder that is a case: where each thing lies, and the two acts that make and open one.

Holds no knowledge of formats, findings or verdicts: the rooms above bring theirs.
"""

from __future__ import annotations

import fcntl
import getpass
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from kakuho.case.files import sha256_of, write_atomically
from kakuho.case.journal import CREATED_ACT, Entry, Journal
from kakuho.case.settings import CaseSettings, read_settings, settings_text
from kakuho.case.stages import finish_interrupted_moves
from kakuho.errors import IntegrityError, KakuhoError, UsageError
from kakuho.language import Bilingual

INVENTORY_ACT = "inventory.sealed"


class Case:
    """One case: its folder, its journal and what people declared about it."""

    def __init__(self, directory: Path, settings: CaseSettings, *, who: str) -> None:
        self.directory = directory
        self.settings = settings
        self.who = who
        self.evidence = directory / "evidence"
        self.lake = directory / "lake"
        self.assessments = directory / "assessments"
        self.publications = directory / "publications"
        self.checkpoints = directory / "checkpoints"
        self.inventory_path = directory / "inventory.yaml"
        self.journal = Journal(directory / "journal.jsonl", who=who)

    @property
    def name(self) -> str:
        """The case's name as declared in ``case.toml``."""
        return self.settings.name

    @classmethod
    def create(
        cls,
        directory: Path,
        *,
        name: str | None = None,
        time_zone: str = "Asia/Tokyo",
        inventory: Path | None = None,
        by: str | None = None,
    ) -> Self:
        """Make a new case folder; refuses a folder that holds anything already."""
        directory = directory.resolve()
        if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
            raise UsageError(
                Bilingual(
                    ja="新しい事案には空のフォルダーが必要です。", en="a new case needs an empty or a new folder"
                ),
                where=str(directory),
                remedy=Bilingual(
                    ja="別のフォルダーを指定してください。既存の事案は --case DIR で開けます。",
                    en="name another folder, or open the case that is there with --case DIR",
                ),
            )
        settings = CaseSettings.model_validate({"name": name or directory.name, "time_zone": time_zone})
        content = _read_inventory(inventory) if inventory else None
        directory.mkdir(parents=True, exist_ok=True)
        case = cls(directory, settings, who=by or operating_system_user())
        for folder in (case.evidence, case.lake, case.assessments, case.publications):
            folder.mkdir()
        write_atomically(directory / "case.toml", settings_text(settings).encode())
        created = {"id": secrets.token_hex(16), "name": settings.name, "time_zone": settings.time_zone}
        case.record(CREATED_ACT, created)
        if inventory and content is not None:
            case._seal_inventory(content, given_as=str(inventory))
        return case

    @classmethod
    def open(cls, directory: Path, *, by: str | None = None) -> Self:
        """Open the case in ``directory``; moves that a crash interrupted are finished first."""
        directory = directory.resolve()
        declared = directory / "case.toml"
        if not declared.is_file():
            raise UsageError(
                Bilingual(
                    ja="ここには事案がありません（case.toml がない）。", en="there is no case here (no case.toml)"
                ),
                where=str(directory),
                remedy=Bilingual(
                    ja="事案のフォルダーへ移るか、--case DIR で指定してください。新しく作るには kakuho case new DIR。",
                    en="go to the case's folder or name it with --case DIR; kakuho case new DIR makes a new one",
                ),
            )
        case = cls(directory, read_settings(declared), who=by or operating_system_user())
        for folder in (case.evidence, case.lake, case.assessments, case.publications):
            folder.mkdir(exist_ok=True)
        finish_interrupted_moves(case.lake)
        return case

    def record(self, act: str, details: dict[str, Any] | None = None) -> Entry:
        """Write one act of this user into the journal."""
        return self.journal.append(act, details)

    def set_inventory(self, path: Path) -> None:
        """Copy an inventory into the case and seal it by its hash in the journal."""
        self._seal_inventory(_read_inventory(path), given_as=str(path))

    def check_inventory(self) -> None:
        """Raise IntegrityError where ``inventory.yaml`` is not the one last sealed."""
        sealed = self.journal.entries(INVENTORY_ACT)
        if not sealed:
            return
        if not self.inventory_path.exists() or sha256_of(self.inventory_path) != sealed[-1].details["sha256"]:
            raise IntegrityError(
                Bilingual(
                    ja="inventory.yaml が、台帳に封印した時のものと一致しません。",
                    en="inventory.yaml is not the one sealed in the journal",
                ),
                where=str(self.inventory_path),
                remedy=Bilingual(
                    ja="意図した変更なら kakuho case inventory FILE で改めて封印してください。",
                    en="if the change is meant, seal it with kakuho case inventory FILE",
                ),
            )

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep every other kakuho from changing this case meanwhile; raises KakuhoError where one is at it."""
        descriptor = os.open(self.directory / "case.toml", os.O_RDONLY)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise KakuhoError(
                    Bilingual(ja="この事案は別の kakuho が処理中です。", en="another kakuho is at work in this case"),
                    where=str(self.directory),
                    remedy=Bilingual(ja="終わるのを待って、もう一度実行してください。", en="wait for it and try again"),
                ) from None
            yield
        finally:
            os.close(descriptor)

    def _seal_inventory(self, content: bytes, *, given_as: str) -> None:
        write_atomically(self.inventory_path, content)
        details = {"sha256": sha256_of(self.inventory_path), "size": len(content), "path": given_as}
        self.record(INVENTORY_ACT, details)


def operating_system_user() -> str:
    """The name of whoever runs this, as the operating system knows it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid:{os.getuid()}"


def _read_inventory(path: Path) -> bytes:
    try:
        content = path.read_bytes()
        content.decode("utf-8")
    except OSError as error:
        raise UsageError(
            Bilingual(ja="目録のファイルを読めません。", en="the inventory cannot be read"),
            where=f"{path}: {error.strerror}",
            remedy=Bilingual(ja="ファイル名と読み取り権限を確かめてください。", en="check its name and permissions"),
        ) from None
    except UnicodeDecodeError as error:
        raise UsageError(
            Bilingual(ja="目録が UTF-8 ではありません。", en="the inventory is not UTF-8"),
            where=f"{path}: byte {error.start}",
            remedy=Bilingual(ja="UTF-8 で保存し直してください。", en="save it as UTF-8"),
        ) from None
    if not content.strip():
        raise UsageError(
            Bilingual(ja="目録が空です。", en="the inventory is empty"),
            where=str(path),
            remedy=Bilingual(ja="目録の YAML ファイルを指定してください。", en="name the inventory's YAML file"),
        )
    return content
