"""The words for why a line of these logs is no event, or is ignored."""

from __future__ import annotations

from kakuho.language import Bilingual

REASONS: dict[str, Bilingual] = {
    "not_zeek": Bilingual(ja="Zeek の記録ではない（時刻 ts がない）", en="not a Zeek record: it has no time (ts)"),
    "zeek_header_missing": Bilingual(
        ja="見出し（#fields）がないので項目がわからない", en="no header (#fields) says what its fields are"
    ),
    "zeek_fields_differ": Bilingual(
        ja="項目の数が見出し（#fields）と違う", en="it has another number of fields than the header (#fields) says"
    ),
    "not_suricata": Bilingual(ja="Suricata EVE の記録ではない", en="not a Suricata EVE record"),
    "not_har": Bilingual(ja="HAR のエントリーではない", en="not a HAR entry"),
}
