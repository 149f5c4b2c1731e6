"""Why a cell stands where it stands because of a file that the intruder took."""

from __future__ import annotations

from kakuho.exposure.reasons import Reason
from kakuho.inventory import AccessPath

FILE_REASONS: dict[str, Reason] = {
    "export_file": {
        "method": "export",
        "ja": "侵入者が持ち出したファイルそのものが証拠にあり（ハッシュ、または名前・大きさ・更新時刻が一致）、"
        "全体が送られている。その中身にこの値がある。",
        "en": "The very file that the intruder took is among the evidence (its hash, or its name, size and time of "
        "change agree), all of it was sent, and it holds this value.",
    },
    "export_file_possible": {
        "method": "export",
        "ja": "侵入者が触れたファイルと同じ名前のファイルが証拠にあるが、同じ中身の全体が送られたとは言い切れない。"
        "または、この行が本人のものとは言い切れない。",
        "en": "A file of that name is among the evidence, without proof that it is the same one and that all of it was "
        "sent; or it is not certain whose row this is.",
    },
    "export_file_undecided": {
        "method": "export",
        "ja": "この値を含むファイルが持ち出されたが、侵入者の行為かどうかは決まっていない。",
        "en": "A file that holds this value was taken, and it is not decided whether the intruder took it.",
    },
    "export_unread": {
        "method": "export",
        "ja": "侵入者が持ち出したファイルに、読み取れない部分がある（暗号化、破損、目録にない表など）。"
        "何が入っていてもおかしくない。",
        "en": "A part of the file that the intruder took cannot be read (encrypted, damaged, a table that nobody "
        "classified): it may hold anything.",
    },
    "export_unknown": {
        "method": "export",
        "ja": "侵入者がファイルを持ち出した記録があるが、そのファイルは証拠になく、置き場所も目録にない。"
        "何が入っていてもおかしくない。",
        "en": "Logs show the intruder taking a file that is not among the evidence and whose place the inventory does "
        "not list: it may hold anything.",
    },
    "export_program": {
        "method": "export",
        "ja": "侵入者がデータベースを書き出すプログラムを動かした（コマンドの記録）。どの表かは分からないため、"
        "すべてを可能性ありとする。",
        "en": "The intruder started a program that dumps the database (its command is on record); nothing tells which "
        "tables, so all of them count as possible.",
    },
}

ERROR_REASONS: dict[str, Reason] = {
    "error_printed": {
        "method": "replay",
        "ja": "侵入者の SQL は失敗したが、そのエラーの文面にこの値が出て、侵入者に表示された（データベースのログ）。",
        "en": "The intruder's SQL failed, and its error, which the intruder was shown, printed this value "
        "(database log).",
    },
    "error_told": {
        "method": "replay",
        "ja": "失敗した SQL のエラーの文面から、この値が知られ得る。侵入者が見たか、この値かは言い切れない。",
        "en": "The error of a failed SQL statement can have told this value, without proof that the intruder saw it "
        "and that it was this one.",
    },
}


def declared_reason(path: AccessPath) -> tuple[str, Reason]:
    """The reason for a file of which only the inventory says what it holds."""
    name = (path.label.ja, path.label.en) if path.label else (path.id, path.id)
    ja = f"侵入者が「{name[0]}」のファイルに触れた記録がある。中身は目録の記載による。"
    en = f"The intruder touched a file of '{name[1]}', as logs show; what it holds is as the inventory says."
    if path.encrypted_with:
        ja += f"ファイルは鍵「{path.encrypted_with}」で暗号化されている。"
        en += f" Such files are encrypted with the key '{path.encrypted_with}'."
    return f"export_declared:{path.id}", {"method": "export", "ja": ja, "en": en}
