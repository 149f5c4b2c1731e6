"""The negotiation history (交渉履歴): notes of calls, letters and visits, each with the number of what it is about."""

from datetime import datetime
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from petinsurance.population import text
from petinsurance.population.claims import Claims
from petinsurance.population.counts import part
from petinsurance.population.dice import Dice, Integers
from petinsurance.population.liability import Liability
from petinsurance.population.moments import OFFICE_HOURS, day_of, moments, time_of_day, timestamps
from petinsurance.population.writing import Columns

#: Notes on an injured third party: at least and at most.
NOTES_ON_INJURED = (2, 9)
#: Claims about which somebody talked with the policyholder, and how often.
CLAIMS_WITH_NOTES = 0.05
NOTES_ON_CLAIM = (1, 3)

CHANNELS = {"電話（発信）": 38, "電話（受信）": 30, "書面": 18, "メール": 10, "訪問": 4}
FIRST_NOTES = (
    "事故の状況と受傷の程度を確認。初期対応のおわびと今後の流れを説明。",
    "第一報を受付。通院先と治療の見込みを確認し、担当者を案内。",
    "飼い主からの連絡を受けて状況を聴取。治療を優先していただくよう説明。",
)
INJURED_NOTES = (
    "通院を継続中とのこと。領収書と診断書の送付を依頼。",
    "治療費の領収書を受領。交通費の精算方法を説明。",
    "休業損害について照会あり。必要書類の一覧を送付。",
    "慰謝料の算定根拠について説明を求められ、社内基準を案内。",
    "示談案を提示。家族と相談して返答するとのこと。",
    "示談金額の増額希望あり。持ち帰って検討する旨を回答。",
    "予防接種の証明書の提示を求められ、契約者に手配を依頼。",
    "示談書の記入方法を説明し、返送期限を案内。",
    "経過良好、通院は今月で終了の見込み。",
    "衣服と眼鏡の損害について写真の提出を依頼。",
    "夜間の連絡を控えてほしいとの要望。連絡は平日の日中に行う。",
)
CLAIM_NOTES = (
    "診療明細書の不足について連絡。再送を依頼。",
    "待機期間中の発症ではないかとの査定照会について経緯を聴取。",
    "動物病院に初診日を照会した旨を契約者へ説明。",
    "お支払対象外となる費用の内訳を説明。おおむね了承。",
    "査定結果に異議の申し出。上席者から改めて説明することとした。",
    "振込先口座の名義相違について確認。訂正書を送付。",
    "支払時期の照会。書類完備後30日以内の支払いとなる旨を案内。",
    "既往症の有無について過去のカルテの提出を依頼。",
)


class Authors(NamedTuple):
    """Ids of the staff accounts that write notes."""

    liability_handlers: Integers
    adjusters: Integers


def negotiation_entries(liability: Liability, claims: Claims, authors: Authors, seed: int, as_of: datetime) -> Columns:
    dice = Dice(seed, "negotiation")
    today = day_of(as_of)
    injured, nth = _repeat(dice, np.arange(len(liability.occurred)), NOTES_ON_INJURED)
    duration = np.maximum(liability.last_act - liability.occurred, 1)[injured]
    spread = (nth - 1) * duration // (NOTES_ON_INJURED[1]) + dice.below(len(nth), np.maximum(1, duration // 9))
    injured_days = liability.occurred[injured] + spread
    injured_text = text.choose(nth == 1, _any(dice, FIRST_NOTES, len(nth)), _any(dice, INJURED_NOTES, len(nth)))

    size = len(claims.policy)
    claim, claim_nth = _repeat(dice, dice.subset(size, part(size, CLAIMS_WITH_NOTES)), NOTES_ON_CLAIM)
    claim_days = claims.received[claim] + (claim_nth - 1) * 6 + dice.between(len(claim), 0, 5)
    amount = text.join("請求額", text.number(claims.billed[claim]), "円。")

    days = np.minimum(np.concatenate([injured_days, claim_days]), today - 1)
    noted = moments(days, time_of_day(dice, len(days), OFFICE_HOURS))
    about = pa.concat_arrays([liability.number.take(pa.array(injured)), claims.number.take(pa.array(claim))])
    said = pa.concat_arrays([injured_text, text.join(amount, _any(dice, CLAIM_NOTES, len(claim)))])
    channel = text.pick(list(CHANNELS), dice.weighted(len(days), list(CHANNELS.values())))
    body = text.join("【", about, "】", text.number(np.concatenate([nth, claim_nth])), "回目 ", channel, "：", said)
    writer = np.concatenate(
        [
            authors.liability_handlers[dice.below(len(nth), len(authors.liability_handlers))],
            authors.adjusters[dice.below(len(claim), len(authors.adjusters))],
        ]
    )
    order = np.argsort(noted, kind="stable")
    on_injured = order < len(injured)
    return {
        "id": pa.array(np.arange(1, len(order) + 1)),
        "injured_third_party_id": pa.array(np.concatenate([injured + 1, claim * 0])[order], mask=~on_injured),
        "claim_id": pa.array(np.concatenate([injured * 0, claim + 1])[order], mask=on_injured),
        "author_id": pa.array(writer[order]),
        "noted_at": timestamps(noted[order]),
        "body": body.take(pa.array(order)),
    }


def _repeat(dice: Dice, rows: Integers, bounds: tuple[int, int]) -> tuple[Integers, Integers]:
    """Each row between so many times, and which time it is, counted from 1."""
    times = dice.between(len(rows), *bounds)
    ends = np.cumsum(times)
    return np.repeat(rows, times), np.arange(1, times.sum() + 1) - np.repeat(ends - times, times)


def _any(dice: Dice, sentences: tuple[str, ...], size: int) -> pa.StringArray:
    return text.pick(sentences, dice.below(size, len(sentences)))
