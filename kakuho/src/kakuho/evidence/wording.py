"""The words for why a line is no event or is ignored, and why a time is not covered, in Japanese and English.

Tables hold the keys; only what people read holds the words.
"""

from __future__ import annotations

from kakuho.evidence.formats.cloud import wording as cloud
from kakuho.evidence.formats.database import wording as database
from kakuho.evidence.formats.host import wording as host
from kakuho.evidence.formats.ledger import wording as ledger
from kakuho.evidence.formats.network import wording as network
from kakuho.evidence.formats.web import wording as web
from kakuho.evidence.formats.windows import wording as windows
from kakuho.language import Bilingual

REASONS: dict[str, Bilingual] = {
    "blank": Bilingual(ja="空行", en="blank line"),
    "continuation": Bilingual(ja="前の行から続く行", en="goes on from the line before"),
    "header": Bilingual(ja="見出しの行", en="header line"),
    "checkpoint": Bilingual(ja="チェックポイントの行", en="checkpoint line"),
    "time_not_valid": Bilingual(ja="時刻として読めない", en="its time is not valid"),
    "line_cut_off": Bilingual(ja="行が途中で切れている", en="the line is cut off"),
    "not_json": Bilingual(ja="JSON として読めない", en="not JSON"),
    "not_csvlog": Bilingual(ja="csvlog の記録ではない", en="not a csvlog record"),
    "not_utf8": Bilingual(ja="UTF-8 ではない", en="not UTF-8"),
    "field_missing": Bilingual(ja="必要な項目がない", en="a needed field is missing"),
    "severity_not_known": Bilingual(
        ja="重大度が英語の既定の語ではない", en="its severity is none of PostgreSQL's words"
    ),
    "not_a_ledger_line": Bilingual(ja="開示台帳の行ではない", en="not a line of a disclosure ledger"),
    "not_a_checkpoint": Bilingual(ja="チェックポイントではない", en="not a checkpoint"),
    "hash_wrong": Bilingual(ja="書かれた後に変えられている（ハッシュ不一致）", en="changed after it was written"),
    "sequence_gap": Bilingual(ja="連番が飛んでいる", en="lines are missing (the sequence jumps)"),
    "chain_broken": Bilingual(ja="前の行とつながらない", en="it does not follow the line before"),
    "truncated": Bilingual(ja="末尾が切り取られている", en="its end was cut off"),
    "checkpoint_differs": Bilingual(ja="チェックポイントと一致しない", en="it differs from its checkpoint"),
    "segment_missing": Bilingual(ja="台帳の一部（セグメント）がない", en="a whole segment of the ledger is missing"),
    "segment_not_closed": Bilingual(
        ja="正常に閉じられておらず、最後の1分は欠けている可能性がある",
        en="not closed in order: its last minute may be missing",
    ),
    "silence": Bilingual(ja="長時間（既定 12 時間超）記録がない", en="no record for long (more than 12 hours)"),
    "between_sources": Bilingual(ja="どのファイルもこの期間を含まない", en="no file covers this time"),
    "rejected_lines": Bilingual(ja="読めない行がある", en="lines that could not be read"),
    "reads_not_logged": Bilingual(ja="参照（SELECT）が記録されない設定", en="reads (SELECT) are not logged"),
    **ledger.REASONS,
    **database.REASONS,
    **web.REASONS,
    **host.REASONS,
    **windows.REASONS,
    **cloud.REASONS,
    **network.REASONS,
}


def reason_text(reason: str) -> Bilingual:
    """The words for a reason."""
    return REASONS[reason]
