"""What a source witnesses. The first three are the witnesses that an inventory's access paths can name.

A log that holds only some of what passes (a firewall's log of suspicious requests, a log of slow statements, a capture
in one browser) has a role of its own: it shows what it shows, but its silence says nothing.
"""

from __future__ import annotations

from kakuho.language import Bilingual

ROLES: dict[str, Bilingual] = {
    "access_log": Bilingual(ja="アクセスログ", en="access log"),
    "database_log": Bilingual(ja="データベースのログ", en="database log"),
    "disclosure_ledger": Bilingual(ja="開示台帳", en="disclosure ledger"),
    "snapshot": Bilingual(ja="スナップショット", en="database snapshot"),
    "host_log": Bilingual(ja="ホストのログ", en="host log"),
    "authentication_log": Bilingual(ja="認証ログ", en="authentication log"),
    "network_log": Bilingual(ja="ネットワークのログ", en="network log"),
    "api_log": Bilingual(ja="API の監査ログ", en="API audit log"),
    "application_log": Bilingual(ja="アプリケーション・エラーのログ", en="application or error log"),
    "partial_log": Bilingual(ja="一部だけの記録（WAF・スロークエリーなど）", en="partial record (WAF, slow queries …)"),
    "http_capture": Bilingual(ja="HTTP の採取記録", en="HTTP capture"),
    "unknown": Bilingual(ja="形式不明（封印のみ）", en="unknown format (sealed only)"),
}
