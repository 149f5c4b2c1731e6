"""Addresses below the town: 丁目, 番, 号 or 番地, building and room; and how people write the same address."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import pyarrow as pa

from petinsurance.population import text
from petinsurance.population.dice import Dice, Integers
from petinsurance.population.places import places

#: Homes in a building with a name and a room number (about 44% of Japan's dwellings are flats).
FLATS = 0.44
#: Parcels outside the 丁目 towns that have a branch number (12番地3).
BRANCH_NUMBERS = 0.7

_BUILDING_FIRST = [
    "コーポ",
    "メゾン",
    "グランドハイツ",
    "パークサイド",
    "サンハイツ",
    "ハイム",
    "シャトー",
    "グリーンヒルズ",
    "第二",
    "リバーサイド",
]
_BUILDING_LAST = [
    "さくら",
    "あおば",
    "青葉台",
    "みどり",
    "若葉",
    "ひまわり",
    "緑ヶ丘",
    "すずらん",
    "やまぶき",
    "白樺",
    "さつき",
    "桂",
]
BUILDINGS = tuple(first + last for first in _BUILDING_FIRST for last in _BUILDING_LAST)


class Style(IntEnum):
    """How somebody writes the numbers of an address."""

    HYPHENS = 0  # 3-12-5
    FULL_WIDTH_HYPHENS = 1  # ３－１２－５
    WORDS = 2  # 3丁目12番5号, 123番地4
    FULL_WIDTH_WORDS = 3  # ３丁目１２番５号, １２３番地の４
    KANJI_CHOME = 4  # 三丁目12-5


_DIGITS = [str(value) for value in range(3000)]
_WIDE_DIGITS = [text.full_width(digits) for digits in _DIGITS]
_NUMBERS = pa.array(_DIGITS + _WIDE_DIGITS)
_CHOME = pa.array([*_DIGITS[:10], *_WIDE_DIGITS[:10], *"〇一二三四五六七八九"])
_IS_WIDE = np.array([0, 1, 0, 1, 0])
_CHOME_ROW = np.array([0, 1, 0, 1, 2])
_AFTER_CHOME = ["-", "－", "丁目", "丁目", "丁目"]
_AFTER_BLOCK = ["-", "－", "番", "番", "-"]
_AFTER_PARCEL = ["-", "－", "番地", "番地の", "-"]
_AFTER_LONE_PARCEL = ["", "", "番地", "番地", ""]
_AFTER_HOUSE = ["", "", "号", "号", ""]
_BEFORE_BUILDING = [" ", "　", " ", "　", " "]
_AFTER_ROOM = ["", "", "号室", "号室", ""]


@dataclass(frozen=True)
class Homes:
    place: Integers
    chome: Integers  # 0 where the town has none
    block: Integers
    house: Integers  # 0 where there is none
    building: Integers  # -1 where there is none
    room: Integers

    @classmethod
    def draw(cls, dice: Dice, size: int, flats: float = FLATS) -> "Homes":
        place = places().draw(dice, size)
        divided = places().has_chome[place]
        branch = dice.chance(size, BRANCH_NUMBERS)
        return cls(
            place=place,
            chome=np.where(divided, dice.between(size, 1, 6), 0),
            block=np.where(divided, dice.between(size, 1, 32), dice.between(size, 1, 2400)),
            house=np.where(divided | branch, dice.between(size, 1, 24), 0),
            building=np.where(dice.chance(size, flats), dice.below(size, len(BUILDINGS)), -1),
            room=dice.between(size, 1, 12) * 100 + dice.between(size, 1, 8),
        )

    @property
    def prefecture(self) -> Integers:
        return places().prefecture[self.place]

    def postal_codes(self, of: Integers) -> pa.StringArray:
        return text.pick(places().postal_code, self.place[of])

    def write(
        self, of: Integers, style: Integers, *, no_prefecture: text.Flags, no_building: text.Flags
    ) -> pa.StringArray:
        """The addresses of the homes `of`, each in its own style."""
        known, place, chome, house = places(), self.place[of], self.chome[of], self.house[of]
        divided, lone = chome > 0, house == 0
        wide = _IS_WIDE[style] * len(_DIGITS)
        after_block = text.choose(
            divided,
            text.pick(_AFTER_BLOCK, style),
            text.choose(lone, text.pick(_AFTER_LONE_PARCEL, style), text.pick(_AFTER_PARCEL, style)),
        )
        building = self.building[of]
        room = text.join(
            text.pick(_BEFORE_BUILDING, style),
            text.pick(BUILDINGS, np.maximum(building, 0)),
            text.pick(_NUMBERS, self.room[of] + wide),
            text.pick(_AFTER_ROOM, style),
        )
        return text.join(
            text.blank(text.pick(known.prefecture_name, place), no_prefecture),
            text.pick(known.city, place),
            text.pick(known.town, place),
            text.blank(text.pick(_CHOME, chome + 10 * _CHOME_ROW[style]), ~divided),
            text.blank(text.pick(_AFTER_CHOME, style), ~divided),
            text.pick(_NUMBERS, self.block[of] + wide),
            after_block,
            text.blank(text.pick(_NUMBERS, house + wide), lone),
            text.blank(text.pick(_AFTER_HOUSE, style), ~divided),
            text.blank(room, (building < 0) | no_building),
        )
