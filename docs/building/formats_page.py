"""``docs/evidence-formats.md``: every format that evidence is read in, as the program knows it."""

from __future__ import annotations

from collections.abc import Iterable

from kakuho.evidence.formats import Format
from kakuho.evidence.roles import ROLES

HEAD = """\
# 読める証拠の形式 / Formats of evidence

<!-- docs/build.py がプログラムから生成します。手で直さず `make docs` を実行してください。
     Generated from the programs by docs/build.py: run `make docs` instead of editing. -->

どの形式も、そのまま、または gz・zst・xz・bz2・tar・zip（入れ子も可）で受け取り、中身から判別します。
ここにない形式のファイルも封印されます。沈黙（記録がないこと）が証言になるのは、役割がアクセスログ・データベースの
ログ・開示台帳のものだけです。

Each is taken as it is or packed (gz, zst, xz, bz2, tar, zip, also in each other) and told by its content
(`kakuho evidence identify`). A file in no format of this list is sealed all the same. Only logs whose role is
access log, database log or disclosure ledger witness by their silence.

| 形式 / format | 名称 / what it is | 役割 / role | 表 / tables |
|---|---|---|---|
"""


def formats_page(formats: Iterable[Format]) -> str:
    """The whole page, ending with a newline."""
    return HEAD + "".join(_row(known) for known in formats)


def _row(known: Format) -> str:
    role = ROLES[known.role]
    tables = ", ".join(f"`{table}`" for table in known.tables) or "-"
    return f"| `{known.name}` | {known.label.ja} / {known.label} | {role.ja} / {role} | {tables} |\n"
