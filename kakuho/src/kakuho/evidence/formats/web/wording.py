"""The words for why a line of these logs is no event, or is ignored."""

from __future__ import annotations

from kakuho.language import Bilingual

REASONS: dict[str, Bilingual] = {
    "not_access_log": Bilingual(ja="アクセスログの行ではない", en="not a line of an access log"),
    "directive": Bilingual(ja="ログの見出し行（#Fields など）", en="a directive of the log (#Fields …)"),
    "not_w3c": Bilingual(ja="#Fields のとおりに読めない", en="it has not the fields that #Fields names"),
    "not_iis": Bilingual(ja="IIS 形式の行ではない", en="not a line in the IIS log format"),
    "not_error_log": Bilingual(ja="エラーログの行ではない", en="not a line of an error log"),
    "not_haproxy": Bilingual(ja="HAProxy のログの行ではない", en="not a line of an HAProxy log"),
    "not_elb": Bilingual(ja="ロードバランサー（ELB）のログの行ではない", en="not a line of a load balancer's log"),
    "not_modsecurity": Bilingual(ja="ModSecurity の監査記録ではない", en="not a ModSecurity audit record"),
}
