"""Why a ledger is not whole: each reason with its words in Japanese and in English."""

from __future__ import annotations

from enum import StrEnum

from disclosure_ledger.language import Language


class Reason(StrEnum):
    """The stable names stand in ``--json``."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"
    NOT_A_LINE = "not_a_line"
    UNFINISHED = "unfinished"
    NOT_A_LEDGER = "not_a_ledger"
    WRONG_SEGMENT = "wrong_segment"
    NOT_KEYED = "not_keyed"
    NOT_CANONICAL = "not_canonical"
    HASH = "hash"
    SEQUENCE = "sequence"
    PREVIOUS = "previous"
    NOT_AN_EVENT = "not_an_event"
    CHECKPOINT = "checkpoint"
    TRUNCATED = "truncated"
    AFTER_CLOSE = "after_close"
    NO_CHECKPOINT = "no_checkpoint"
    MISSING = "missing"
    BAD_CHECKPOINT = "bad_checkpoint"


_TEXTS: dict[Reason, tuple[str, str]] = {
    Reason.EMPTY: ("ファイルが空です。", "The file is empty."),
    Reason.UNREADABLE: (
        "読み取れません。権限とディスクを確認してください。",
        "It cannot be read. Check permissions and the disk.",
    ),
    Reason.NOT_A_LINE: (
        "台帳の行ではありません（UTF-8 の JSON オブジェクトではない）。",
        "This is not a line of a ledger (not a JSON object in UTF-8).",
    ),
    Reason.UNFINISHED: (
        "行が途中で終わっています。末尾が切り取られたか、書き込み中に電源が落ちました。",
        "The line breaks off: the tail was cut, or power was lost while it was written.",
    ),
    Reason.NOT_A_LEDGER: (
        "最初の行が開示台帳のヘッダーではありません。",
        "The first line is not the header of a disclosure ledger.",
    ),
    Reason.WRONG_SEGMENT: (
        "行のセグメント名がファイル名と一致しません。ファイル名が変えられたか、別のセグメントの行です。",
        "The line names another segment than the file: the file was renamed, or the line comes from another segment.",
    ),
    Reason.NOT_KEYED: (
        "鍵を指定しましたが、このセグメントは鍵なしで書かれています。別の台帳か、偽造された可能性があります。",
        "A key was given but this segment was written without one: another ledger, or a forgery.",
    ),
    Reason.NOT_CANONICAL: (
        "書かれたときの形ではありません（空白、キーの順序、エスケープが変えられた）。",
        "The line is not as it was written (spaces, order of keys or escapes were changed).",
    ),
    Reason.HASH: (
        "行の内容がハッシュと一致しません。書き換えられたか、鍵が違います。",
        "The line does not match its hash: it was edited, or the key is another one.",
    ),
    Reason.SEQUENCE: (
        "通し番号が続いていません。行の削除、重複または入れ替えがあります。",
        "The sequence number does not follow: lines were removed, repeated or moved.",
    ),
    Reason.PREVIOUS: (
        "前の行のハッシュとつながっていません。前の行が差し替えられました。",
        "The line does not follow from the line before it, which was replaced.",
    ),
    Reason.NOT_AN_EVENT: (
        "開示のイベントとして必要な項目が欠けているか、形が違います。",
        "Fields that an event must have are missing or malformed.",
    ),
    Reason.CHECKPOINT: (
        "この行のハッシュがチェックポイントと一致しません。連鎖ごと書き直された可能性があります。",
        "The line's hash differs from the checkpoint's: the chain may have been rewritten as a whole.",
    ),
    Reason.TRUNCATED: (
        "チェックポイントの通し番号に達する前に終わっています。末尾が切り取られました。",
        "The segment ends before the sequence number of a checkpoint: its tail was cut.",
    ),
    Reason.AFTER_CLOSE: (
        "セグメントが閉じられた後に書き足された行です。",
        "The line was added after the segment had been closed.",
    ),
    Reason.NO_CHECKPOINT: (
        "このセグメントのチェックポイントがありません（行が失われた）。末尾の欠落を確かめられません。",
        "No checkpoint names this segment (lines of checkpoints.jsonl were lost), so a cut tail could not be noticed.",
    ),
    Reason.MISSING: (
        "チェックポイントにあるセグメントのファイルがありません。",
        "A checkpoint names this segment, but its file is missing.",
    ),
    Reason.BAD_CHECKPOINT: (
        "チェックポイントの行が壊れているか、鍵が違います。",
        "The line of the checkpoints is damaged, or the key is another one.",
    ),
}


def text_of(reason: Reason, language: Language) -> str:
    ja, en = _TEXTS[reason]
    return ja if language == "ja" else en
