"""The words for why a line of these logs is no event, or is ignored."""

from __future__ import annotations

from kakuho.language import Bilingual

REASONS: dict[str, Bilingual] = {
    "not_an_audit_record": Bilingual(ja="監査ログの記録ではない", en="not a record of the audit log"),
    "not_syslog": Bilingual(ja="syslog の行ではない", en="not a line of syslog"),
    "not_a_journal_entry": Bilingual(ja="ジャーナルの記録ではない", en="not an entry of the journal"),
    "not_a_login_record": Bilingual(ja="ログイン記録ではない", en="not a login record"),
    "empty_record": Bilingual(ja="空の記録", en="empty record"),
}
