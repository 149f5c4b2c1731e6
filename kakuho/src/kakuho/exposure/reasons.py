"""Why a cell stands where it stands, in words for people. A reason's id is its key, with the path where it has one."""

from __future__ import annotations

from typing import TypedDict


class Reason(TypedDict):
    method: str
    ja: str
    en: str


REASONS: dict[str, Reason] = {
    "ledger": {
        "method": "ledger",
        "ja": "開示台帳に、侵入者のセッションへこの項目を表示した記録がある。",
        "en": "The disclosure ledger records this item being shown in the intruder's session.",
    },
    "ledger_undecided": {
        "method": "ledger",
        "ja": "侵入者が知っていたアカウントのセッションに表示した記録があるが、本人か侵入者かは決まっていない。",
        "en": "Shown in a session of an account the intruder could use; owner or intruder, it is not decided.",
    },
    "route_key": {
        "method": "route",
        "ja": "侵入者がこの記録の画面を開いた（アクセスログ）。画面に出た項目を示す台帳がない。",
        "en": "The intruder opened this record's page (access log); no ledger tells which items it showed.",
    },
    "route_principal": {
        "method": "route",
        "ja": "侵入者がログインしたと考えられるアカウントの画面を開いた（アクセスログ）。",
        "en": "The intruder opened pages of an account that it is taken to have logged in to (access log).",
    },
    "route_collection": {
        "method": "route",
        "ja": "侵入者が一覧画面を開いた（アクセスログ）。どの記録が表示されたかは残っていない。",
        "en": "The intruder opened a list page (access log); nothing tells which records it showed.",
    },
    "route_page": {
        "method": "route",
        "ja": "侵入者が一覧の何ページ目を開いたかがアクセスログに残る。目録にある並び順と件数によれば、"
        "この記録はそのページに載り得た。",
        "en": "The access log tells which page of a list the intruder opened: by the inventory's order and number of "
        "rows this record can have stood on it.",
    },
    "route_part": {
        "method": "route",
        "ja": "侵入者への応答が途中で切れたか、一部だけを求めるものだった（アクセスログ）。"
        "どの部分が届いたかは残っていない。",
        "en": "The answer to the intruder broke off, or only a part was asked for (access log); nothing tells which "
        "part went out.",
    },
    "route_error": {
        "method": "route",
        "ja": "侵入者への応答は転送またはエラーだったが本文があった（アクセスログ）。画面の内容が含まれ得る。",
        "en": "The intruder was answered by a redirect or an error with a body (access log); it can have held what the "
        "page shows.",
    },
    "route_unlisted": {
        "method": "route",
        "ja": "侵入者へ応答した画面が目録にない。何が表示され得たか分からないため、すべてを可能性ありとする。",
        "en": "A page that answered the intruder is not in the inventory: it could have shown anything.",
    },
    "replay": {
        "method": "replay",
        "ja": "データベースのログに残る侵入者の SQL を復元データで再実行し、この値が応答に含まれたことを確かめた。",
        "en": "The intruder's SQL, from the database log, was run on the restored snapshot: it returned this value.",
    },
    "replay_possible": {
        "method": "replay",
        "ja": "侵入者の SQL がこの値に触れたが、値の全体が応答に出たとは言い切れない（条件式、加工、後の更新など）。",
        "en": "The intruder's SQL touched this value, without proof that it came out whole (a condition, a derived "
        "value, a row changed since).",
    },
    "replay_order": {
        "method": "replay",
        "ja": "侵入者の SQL は並び順を指定せずに記録を１件ずつ読んだ。応答の大きさが、表に記録が並ぶ順のとおりに"
        "すべて一致するため、読まれたのはその位置の記録と判断した。",
        "en": "The intruder's SQL read records one by one without saying in which order. The sizes of the answers "
        "agree, every one, with the order in which the table holds its records: those at these places were read.",
    },
    "replay_size": {
        "method": "replay",
        "ja": "侵入者の SQL は並び順を指定せずに記録を読んだ。どの記録かは残っていないが、この記録なら"
        "応答の大きさと一致する（または後に更新され、当時の大きさが分からない）。",
        "en": "The intruder's SQL read a record without saying in which order. Which one is not recorded, but the "
        "answer has the size that this record would give (or the record was changed since, its size then is unknown).",
    },
    "replay_not_resolved": {
        "method": "replay",
        "ja": "侵入者の SQL を解釈しきれないため、名前の挙がった表のすべての値を可能性ありとする。",
        "en": "The intruder's SQL could not be resolved: every value of the tables it names counts as possible.",
    },
    "replay_everything": {
        "method": "replay",
        "ja": "侵入者の SQL が何を読んだか特定できないため、そのロールが読めるすべての値を可能性ありとする。",
        "en": "It cannot be told what the intruder's SQL read: all that its role can read counts as possible.",
    },
    "export": {
        "method": "export",
        "ja": "侵入者が表を一括で書き出した（pg_dump）。データベースのログに残り、復元データでこの値を確かめた。",
        "en": "The intruder dumped the table (pg_dump), as the database log records; by the restored snapshot, "
        "the dump held this value.",
    },
    "export_possible": {
        "method": "export",
        "ja": "侵入者が表を一括で書き出した（pg_dump）が、この値がそのとき含まれたとは言い切れない（後の更新など）。",
        "en": "The intruder dumped the table (pg_dump), without proof that this value was in it (a row changed since).",
    },
    "injection": {
        "method": "injection",
        "ja": "アクセスログの不正なパラメーターから SQL を組み立て、復元データで再実行した。実行の記録は残っていない。",
        "en": "SQL rebuilt from an injected parameter in the access log and run on the snapshot; nothing records it.",
    },
    "injection_decoded": {
        "method": "injection",
        "ja": "侵入者が一文字ずつ問い合わせ、その応答（アクセスログの行）が値の全文字を決めている。"
        "復元した値は、復元データのこの記録の値と一致した。",
        "en": "The intruder asked for this value character by character, and the answers (the lines of the access log) "
        "decide every one of them: what they spell is what the restored snapshot holds in this record.",
    },
    "injection_alike": {
        "method": "injection",
        "ja": "侵入者が問い合わせで得た値をアクセスログから復元した。この記録の値と一致するが、どの記録のものかは"
        "決まらない（同じ値の記録、後に変わった記録、他人のものかもしれない要求がある）。",
        "en": "A value that the intruder obtained by questions was decoded from the access log. This record holds it; "
        "that it was this one's is not proven (others may have held the same, or the requests may be another's).",
    },
    "injection_partly": {
        "method": "injection",
        "ja": "侵入者が問い合わせで得た値の一部をアクセスログから復元した。決まった文字は、この記録の値に合う。",
        "en": "A value that the intruder asked for was decoded from the access log in part; what is decided of it fits "
        "this record's.",
    },
    "injection_changed": {
        "method": "injection",
        "ja": "侵入者が問い合わせで得た値をアクセスログから復元したが、復元データの値とは一致しない。"
        "その後に変わった値、または削除された記録の値の可能性がある。",
        "en": "A value that the intruder obtained by questions was decoded from the access log, and the snapshot does "
        "not hold it here: it may have changed since, or its record may be gone.",
    },
    "injection_derived": {
        "method": "injection",
        "ja": "侵入者が、この項目から計算した値（一部分、集計、変換など）を問い合わせで得た。"
        "どの記録のものかは決まらない。",
        "en": "The intruder obtained by questions what was worked out from this item (a part, a sum, another form); "
        "whose it was is not told.",
    },
    "injection_asked": {
        "method": "injection",
        "ja": "侵入者の不正なパラメーターがこの項目を求めた、または条件に使った。応答の中身は記録に残っていない。",
        "en": "An injected parameter of the intruder's asked for this item, or made it a condition; no record holds "
        "what the answers said.",
    },
    "injection_elsewhere": {
        "method": "injection",
        "ja": "侵入者が目録にない表から値を得た。その表が何を含むか分からないため、すべてを可能性ありとする。",
        "en": "The intruder obtained a value from a table that the inventory does not know: it could hold anything.",
    },
    "injection_order": {
        "method": "injection",
        "ja": "不正なパラメーターから組み立てた SQL は記録を１件ずつ読む。応答の大きさが、表に記録が並ぶ順のとおりに"
        "すべて一致するため、読まれたのはその位置の記録と判断した。",
        "en": "SQL rebuilt from injected parameters reads records one by one. The sizes of the answers agree, every "
        "one, with the order in which the table holds its records: those at these places were read.",
    },
    "injection_size": {
        "method": "injection",
        "ja": "不正なパラメーターから組み立てた SQL が読んだ記録は特定できないが、この記録なら応答の大きさと一致する"
        "（または後に更新され、当時の大きさが分からない）。",
        "en": "Which record the SQL rebuilt from an injected parameter read is not recorded, but the answer has "
        "the size that this record would give (or the record was changed since and its size then is unknown).",
    },
    "undelimited": {
        "method": "reach",
        "ja": "侵入者を特定できる指標がなく、侵入の範囲を画定できない。すべての値を否定できない。",
        "en": "No indicator tells the intruder apart, so the intrusion has no bounds: nothing can be ruled out.",
    },
    "ruled_out": {
        "method": "reach",
        "ja": "この値に至る経路は、すべて閉じていたか、期間を通じて途切れない記録があり、持ち出しの記録がない。",
        "en": "Every path to it was closed, or witnessed without a gap, and no claim stands.",
    },
}


def reach_reason(path: str, state: str, why: str) -> tuple[str, Reason]:
    """The reason for a path that no witness covers; ``why`` is ``no_witness``, ``gap`` or ``start``."""
    words = {
        "no_witness": ("この経路を証言できる記録が提出されていない", "no source that could witness it was handed over"),
        "gap": ("記録に途切れがあり、期間全体を証言できない", "its records have gaps within the period"),
        "start": ("侵入の始まりが記録より前である可能性がある", "the intrusion may have begun before the records do"),
    }[why]
    states = {"used": ("使われた", "used"), "open": ("使い得た", "open")}[state]
    return f"reach:{path}:{why}", {
        "method": "reach",
        "ja": f"経路「{path}」は侵入者に{states[0]}が、{words[0]}。可能性を完全に否定できない。",
        "en": f"The path '{path}' was {states[1]} to the intruder and {words[1]}: it cannot be ruled out.",
    }
