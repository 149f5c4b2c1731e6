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
    "silence": Bilingual(
        ja="このログの普段の周期から見て、記録がないのは不自然",
        en="no record at a time when this log always has some",
    ),
    "quiet_stretch": Bilingual(
        ja="12 時間を超えて記録がない（この時間帯は普段から少なく、欠けていても見分けられない）",
        en="no record for more than 12 hours: usual at that time, so that a hole could not be told from it",
    ),
    "rate_drop": Bilingual(
        ja="記録の数が普段より極端に少ない（行が抜かれた可能性がある）",
        en="far fewer records than its rhythm makes likely: lines may have been cut out",
    ),
    "sequence_break": Bilingual(ja="記録の通し番号が飛んでいる", en="record numbers are missing"),
    "session_lines_missing": Bilingual(
        ja="データベース接続内の行番号が飛んでいる", en="lines of a database session are missing (its numbers jump)"
    ),
    "rotated_away": Bilingual(
        ja="ローテーションされたファイルが欠けている", en="a file is missing out of the rotation"
    ),
    "ends_in_mid_line": Bilingual(ja="ファイルが行の途中で終わっている", en="the file ends in the middle of a line"),
    "log_cleared": Bilingual(ja="ログが消去された", en="the log was cleared"),
    "clock_set_back": Bilingual(
        ja="時計が戻されたか、順序の違うファイルがつながれている（同じ時間帯が二度現れる）",
        en="the clock was set back, or files were joined in a wrong order: this time appears twice",
    ),
    "between_sources": Bilingual(ja="どのファイルもこの期間を含まない", en="no file covers this time"),
    "rejected_lines": Bilingual(ja="読めない行がある", en="lines that could not be read"),
    "reads_not_logged": Bilingual(ja="参照（SELECT）が記録されない設定", en="reads (SELECT) are not logged"),
    "slow_reads_only": Bilingual(
        ja="時間のかかった参照だけが記録されている（速い参照は残らない設定）",
        en="only slow reads are logged; fast ones leave no line",
    ),
    "logging_switched_off": Bilingual(
        ja="記録の設定を変える文が実行された。以後の参照は残っていないおそれがある",
        en="a statement changed what is logged; reads after it may have left no line",
    ),
    "symbolic_link": Bilingual(ja="シンボリックリンクはたどらない", en="symbolic links are not followed"),
    "pipe_or_device": Bilingual(ja="パイプやデバイスは開かない", en="pipes and devices are not opened"),
    "belongs_elsewhere": Bilingual(
        ja="証拠ではない。目録は kakuho case inventory で取り込む",
        en="no evidence; an inventory goes in with kakuho case inventory",
    ),
    "link_or_device": Bilingual(ja="書庫の中のリンクやデバイス", en="a link or a device inside the archive"),
    "encrypted": Bilingual(
        ja="暗号化されている。復号したものを加える", en="it is encrypted: add what comes out of decrypting it"
    ),
    "archive_damaged": Bilingual(
        ja="書庫が壊れている。読めたところまでを取り込んだ", en="the archive is damaged; what could be read was taken"
    ),
    "expands_beyond_limit": Bilingual(
        ja="展開すると異常に大きくなる（圧縮爆弾の疑い）。確かな道具で展開したものを加える",
        en="it expands beyond any log (a bomb?): unpack it elsewhere and add what came out",
    ),
    "packed_too_deep": Bilingual(ja="圧縮が何重にも重なっている", en="packed in too many layers"),
    "compressed_stream_cut_off": Bilingual(
        ja="圧縮ファイルが途中で切れている。読めたところまで", en="the compressed file breaks off; read up to there"
    ),
    "compressed_stream_damaged": Bilingual(
        ja="圧縮ファイルが壊れている。読めたところまで", en="the compressed file is damaged; read up to there"
    ),
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
