"""Telephone numbers: right in form, and made up.

A number here is valid by Japan's numbering plan and its area code fits the prefecture, so it may well be somebody's:
never call one. Freephone, special and emergency numbers do not occur. A landline's area code is one of the prefecture's
larger cities', not the town's own.
"""

import numpy as np
import pyarrow as pa

from petinsurance.population import text
from petinsurance.population.dice import Dice, Integers
from petinsurance.population.prefectures import prefectures

#: 080 and 090 are older than 070 and held by more people (per hundred; ours).
MOBILE_PREFIXES = {"090": 50, "080": 38, "070": 12}

_EXCHANGES = [(code, lead) for prefecture in prefectures() for code, lead in prefecture.exchanges]
_EXCHANGES_OF = np.array([len(prefecture.exchanges) for prefecture in prefectures()])
_FIRST_EXCHANGE = np.cumsum(_EXCHANGES_OF) - _EXCHANGES_OF
_MOBILE_SPACE = 90_000_000  # 1000-0000 to 9999-9999: 0800 is freephone
_STRIDE = 48_271_301  # shares no factor with the space, so that counting up by it meets every number once
_PADDED = [f"{value:0{width}d}" for width in (1, 2, 3) for value in range(10**width)]
_FIRST_OF_WIDTH = np.array([0, 0, 10, 110])


def mobiles(dice: Dice, size: int) -> pa.StringArray:
    """`090-1234-5678`; no two alike."""
    start = int(dice.below(1, _MOBILE_SPACE)[0])
    number = (start + np.arange(size, dtype=np.int64) * _STRIDE) % _MOBILE_SPACE + 10_000_000
    prefix = dice.weighted(size, list(MOBILE_PREFIXES.values()))
    return text.join(
        text.pick(list(MOBILE_PREFIXES), prefix),
        "-",
        text.number(number // 10_000, 4),
        "-",
        text.number(number % 10_000, 4),
    )


def landlines(dice: Dice, prefecture: Integers) -> pa.StringArray:
    """`03-3123-4567`, `011-212-3456`, `0138-21-2345`: area code, exchange, number."""
    exchange = _FIRST_EXCHANGE[prefecture] + dice.below(len(prefecture), _EXCHANGES_OF[prefecture])
    after_first = np.array([9 - len(code) - 4 for code, _ in _EXCHANGES])[exchange]
    rest = dice.below(len(prefecture), 10**after_first) + _FIRST_OF_WIDTH[after_first]
    return text.join(
        text.pick([f"{code}-{lead}" for code, lead in _EXCHANGES], exchange),
        text.pick(_PADDED, rest),
        "-",
        text.number(dice.below(len(prefecture), 10_000), 4),
    )
