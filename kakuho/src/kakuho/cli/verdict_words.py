"""The words of verdicts on a terminal, (ja, en): a table's, a sentence's, and what stands beside them."""

from __future__ import annotations

from kakuho.exposure.compare import ABSENT
from kakuho.language import Bilingual

SHORT = {
    "confirmed": ("確認", "confirmed"),
    "possible": ("可能性", "possible"),
    "ruled_out": ("漏えいなし", "ruled out"),
    "total": ("保有", "held"),
    ABSENT: ("記録なし", "absent"),
}
LONG = {
    "confirmed": ("漏えいを確認", "confirmed"),
    "possible": ("可能性を否定できない", "possible"),
    "ruled_out": ("漏えいなしと判断", "ruled out"),
}
METHODS = {
    "ledger": ("開示台帳", "disclosure ledger"),
    "route": ("アクセスログの経路", "route in the access log"),
    "replay": ("SQL の再実行", "replayed SQL"),
    "injection": ("復元した値", "decoded value"),
    "export": ("書き出し・ファイル", "export or file"),
    "reach": ("到達", "reach"),
}
"""How a claim was come to."""
DERIVED = Bilingual(
    ja="値そのものではなく、値から計算されたもの（ハッシュ、文字数、件数、一度の大小比較など）。",
    en="Not the value itself but something computed from it (a hash, a length, a count, one comparison).",
)
MASKED = Bilingual(ja="一部を伏せた表示があった。", en="It was shown with parts masked.")
PROTECTED = ("暗号化され鍵は守られていた", "encrypted, key out of reach")
PATH_STATES = {"used": ("使われた", "used"), "open": ("使い得た", "open"), "closed": ("閉じていた", "closed")}
