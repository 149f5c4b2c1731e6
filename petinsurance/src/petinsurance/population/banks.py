"""Banks and branches that exist, from `zengin-code`, and which of them people of a prefecture use."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
from zengin_code import Bank

from petinsurance.population.dice import Dice, Flags, Integers
from petinsurance.population.prefectures import prefectures

#: Kinds of banks with their weights (ours): nation-wide, the Post's, on the internet, the prefecture's own.
NATION_WIDE = ("0001", "0005", "0009", "0010")
JAPAN_POST = "9900"
ON_THE_INTERNET = ("0033", "0036", "0038", "0039")
KIND_WEIGHTS = (34, 22, 12, 32)
_REGIONAL = 3


@dataclass(frozen=True)
class Branches:
    """All branches of the banks in use, bank after bank."""

    bank_code: pa.StringArray
    bank_name: pa.StringArray
    branch_code: pa.StringArray
    branch_name: pa.StringArray
    japan_post: Flags
    first: dict[str, int]
    count: dict[str, int]

    def draw(self, dice: Dice, prefecture: Integers) -> Integers:
        """A branch for each customer; nothing says which town a branch serves, so any of the bank's."""
        table = [NATION_WIDE, (JAPAN_POST,), ON_THE_INTERNET, *(each.regional_banks for each in prefectures())]
        banks = [code for row in table for code in row]
        banks_in_row = np.array([len(row) for row in table])
        first_in_row = np.cumsum(banks_in_row) - banks_in_row
        kind = dice.weighted(len(prefecture), KIND_WEIGHTS)
        row = np.where(kind == _REGIONAL, _REGIONAL + prefecture, kind)
        bank = first_in_row[row] + dice.below(len(prefecture), banks_in_row[row])
        first: Integers = np.array([self.first[code] for code in banks])[bank]
        count = np.array([self.count[code] for code in banks])[bank]
        return first + dice.below(len(prefecture), count)


@cache
def branches() -> Branches:
    used = [*NATION_WIDE, JAPAN_POST, *ON_THE_INTERNET]
    used += sorted({code for prefecture in prefectures() for code in prefecture.regional_banks})
    rows: list[tuple[str, str, str, str]] = []
    first, count = {}, {}
    for code in used:
        bank = Bank.all[code]
        # Japan Post: branches whose number ends in 8 hold ordinary savings, those in 9 only transfers
        open_to_all = [branch for branch in bank.branches.values() if code != JAPAN_POST or branch.code.endswith("8")]
        first[code], count[code] = len(rows), len(open_to_all)
        rows += [(bank.code, bank.name, branch.code, branch.name) for branch in open_to_all]
    bank_code, bank_name, branch_code, branch_name = (pa.array(column) for column in zip(*rows, strict=True))
    post = [row[0] == JAPAN_POST for row in rows]
    return Branches(bank_code, bank_name, branch_code, branch_name, np.array(post), first, count)
