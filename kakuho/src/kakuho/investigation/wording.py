"""The keys that rules write as ``basis``, ``reason`` and ``why``, in words for people."""

from __future__ import annotations

from kakuho.language import Bilingual

WORDING: dict[str, Bilingual] = {
    # indicators
    "found": Bilingual(
        ja="検知結果による提案。確定には人の判断が必要", en="proposed by findings; a person must decide"
    ),
    "shares_attacker_session": Bilingual(
        ja="攻撃者が開いたセッションがこのアドレスでも使われた",
        en="a session that the attacker opened was used here too",
    ),
    "on_several_compromised_accounts": Bilingual(
        ja="侵害された複数のアカウントで、本人の従来のアドレスではないのに現れた",
        en="appears on two or more compromised accounts, whose owners had not used it before",
    ),
    "account_at_suspected_address": Bilingual(
        ja="疑わしいアドレスから使われたアカウント", en="account used from a suspected address"
    ),
    # attacker_events.why
    "confirmed_address": Bilingual(ja="確定したアドレスからの通信", en="from a confirmed address"),
    "confirmed_user_agent": Bilingual(ja="確定したユーザーエージェントによる通信", en="by a confirmed user agent"),
    "confirmed_session": Bilingual(ja="確定したセッション", en="in a confirmed session"),
    "attacker_session": Bilingual(ja="攻撃者が開いたセッション", en="in a session that the attacker opened"),
    "shared_session": Bilingual(
        ja="攻撃者も使ったセッション（本人か侵入者か判別できない）",
        en="in a session that the attacker used too: owner or intruder",
    ),
    "suspected_address": Bilingual(
        ja="攻撃者のセッションが現れたアドレスからの通信", en="from an address where a session of the attacker appeared"
    ),
    "owner_or_intruder": Bilingual(
        ja="侵害されたアカウントのその後の利用（本人か侵入者か判別できない）",
        en="later use of a compromised account: owner or intruder",
    ),
    "account_unknown": Bilingual(
        ja="侵害されたアカウントが不明なため、この種のアカウントの利用はどれも侵入者かもしれない",
        en="the compromised account is unknown, so any use of an account of that kind may be the intruder's",
    ),
    "request_unseen": Bilingual(
        ja="アクセスログの欠けた間に、画面の SQL がデータベースで実行された。侵入者の操作かもしれない",
        en="the SQL of a page ran while the access log is silent: it may have been the intruder's request",
    ),
    "login_unseen": Bilingual(
        ja="アクセスログの欠けた間に侵入者がログインしたかもしれず、このアカウントの利用を侵入者のものでないと言えない",
        en="the intruder may have logged in while the access log is silent: this account's use may be the intruder's",
    ),
    "direct_connection": Bilingual(
        ja="確定したアドレスからのデータベース接続", en="database connection from a confirmed address"
    ),
    "foreign_connection": Bilingual(
        ja="アプリケーションの接続元ではないアドレスからのデータベース接続",
        en="database connection from an address that the application does not use",
    ),
    "holds_injected_value": Bilingual(
        ja="攻撃者が送った値が文にそのまま含まれる", en="the statement holds the very value that the attacker sent"
    ),
    "injection_syntax": Bilingual(
        ja="確定した文の形で、インジェクションの構文を含む", en="confirmed shape, and holds the syntax of an injection"
    ),
    "confirmed_shape": Bilingual(ja="確定した文の形", en="of a confirmed shape"),
    "overlaps_injected_request": Bilingual(
        ja="インジェクションのリクエストと時間が重なる", en="overlaps in time with an injected request"
    ),
    "overlaps_attacker_request": Bilingual(
        ja="攻撃者のリクエストと時間が重なる", en="overlaps in time with a request of the attacker"
    ),
    # compromised accounts
    "session_from_confirmed_address": Bilingual(
        ja="確定したアドレスからこのアカウントのセッションが使われた（開示台帳）",
        en="its session was used from a confirmed address (disclosure ledger)",
    ),
    "session_confirmed": Bilingual(ja="確定したセッションのアカウント", en="account of a confirmed session"),
    "account_confirmed": Bilingual(ja="人が確定したアカウント", en="confirmed by a person"),
    "login_overlaps_in_time": Bilingual(
        ja="攻撃者の成功したログインと同じ時間帯のログイン（最大でこの範囲）",
        en="logged in within the time of an attacker's successful login (at most these)",
    ),
    # are they known?
    "not_delimited": Bilingual(ja="確定した指標がない", en="no indicator is confirmed"),
    "accounts_known": Bilingual(
        ja="攻撃者のログインはすべてアカウントまで判明", en="every login of the attacker is known by its account"
    ),
    "no_login_succeeded": Bilingual(
        ja="攻撃者のログインは一度も成功していない", en="no login of the attacker succeeded"
    ),
    "address_unknown": Bilingual(
        ja="攻撃者のアドレスが不明で、ログインしたかどうか分からない",
        en="the attacker's address is unknown, so are his logins",
    ),
    "logins_not_covered": Bilingual(
        ja="アクセスログが侵入の期間を覆っておらず、ログインの有無が分からない",
        en="no access log covers the whole intrusion: logins can be missing",
    ),
    "login_without_account": Bilingual(
        ja="成功したログインのアカウントを示す記録がない", en="a login succeeded and no source tells the account"
    ),
    "account_without_party": Bilingual(
        ja="侵害されたアカウントが誰のものか、台帳にもスナップショットにもない",
        en="neither ledger nor snapshot tells whose a compromised account is",
    ),
    "session_without_login": Bilingual(
        ja="ログインの記録なしに、要ログインのページが閲覧された",
        en="pages behind the login were read without a login on record",
    ),
    # the window
    "no_attacker_event": Bilingual(ja="攻撃者のものと言える記録がない", en="no event is known to be the attacker's"),
    "sources_cover_day_before": Bilingual(
        ja="すべての記録が最初の行為の24時間以上前から欠けなく残っている",
        en="every source covers the 24 hours before the first act",
    ),
    "source_starts_too_late": Bilingual(
        ja="最初の行為の前24時間を覆わない記録がある（侵入はもっと前かもしれない）",
        en="a source does not cover the 24 hours before the first act: the intrusion may have begun earlier",
    ),
    # paths
    "attacker_read_by_it": Bilingual(ja="攻撃者がこの経路で閲覧した", en="the attacker read by it"),
    "injected_here": Bilingual(
        ja="この経路の先でインジェクションが行われた", en="a route that leads to it was injected"
    ),
    "attacker_statements": Bilingual(
        ja="このロールで攻撃者の文が実行された", en="the attacker's statements ran under this role"
    ),
    "perhaps_read_by_it": Bilingual(ja="攻撃者がこの経路で閲覧した可能性がある", en="the attacker may have read by it"),
    "public_route": Bilingual(ja="ログイン不要の経路", en="needs no login"),
    "account_in_attackers_hands": Bilingual(
        ja="この経路に入れるアカウントが攻撃者の手にあった", en="an account that may use it was in the attacker's hands"
    ),
    "accounts_unknown": Bilingual(
        ja="侵害されたアカウントが特定できていない", en="which accounts were compromised is not known"
    ),
    "no_account_and_no_event": Bilingual(
        ja="この種のアカウントは攻撃者の手になく、攻撃者の記録もない",
        en="no account of that kind was in the attacker's hands; no attacker event",
    ),
    "open_and_witnessed": Bilingual(
        ja="開いていたが、使われれば残る記録が全期間にあり、攻撃者の記録はない",
        en="was open; a witness covers the whole time and shows no use by the attacker",
    ),
    "undecided": Bilingual(ja="未判断（開いていたものとして扱う）", en="undecided, so taken as open"),
}


def wording(key: str) -> Bilingual:
    """The words for a rule's key; a person's own words are returned as they are."""
    return WORDING.get(key) or Bilingual(ja=key, en=key)
