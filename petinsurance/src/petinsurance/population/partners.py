"""Agencies, veterinary institutions and medical-investigation partners: names with readings, offices, telephones."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from petinsurance.population import phones, text
from petinsurance.population.dice import Dice, Integers
from petinsurance.population.homes import Homes
from petinsurance.population.moments import OFFICE_HOURS, day_of, moments, time_of_day, timestamps
from petinsurance.population.names import given_names, surnames
from petinsurance.population.places import places
from petinsurance.population.wordlists import entries
from petinsurance.population.writing import Columns

#: Medical-investigation partners among the institutions (ours).
INVESTIGATION_PARTNERS = 0.035
#: Offices in a building with a name and a room.
OFFICES_IN_BUILDINGS = 0.25
#: Partners since, days before the reference date by tenths.
PARTNER_SINCE = (30, 300, 700, 1100, 1600, 2100, 2600, 3000, 3400, 3700, 3900)

_WORD_KANJI, _WORD_KANA = zip(*entries("words"), strict=True)

#: Before and after the stem, each as written, as read and as banks abbreviate it; then what the stem is and a weight.
_AGENCY_FORMS = (
    ("株式会社", "カブシキガイシャ", "カ)", "保険事務所", "ホケンジムショ", "ホケンジムショ", "surname", 34),
    ("有限会社", "ユウゲンガイシャ", "ユ)", "保険サービス", "ホケンサービス", "ホケンサービス", "surname", 18),
    (
        "株式会社",
        "カブシキガイシャ",
        "カ)",
        "ペット保険センター",
        "ペットホケンセンター",
        "ペットホケンセンター",
        "word",
        22,
    ),
    ("合同会社", "ゴウドウガイシャ", "ド)", "インシュアランス", "インシュアランス", "インシュアランス", "word", 10),
    ("", "", "", "", "", "", "person", 16),
)
_VETERINARY_FORMS = (
    ("", "", "", "動物病院", "ドウブツビョウイン", "ドウブツビョウイン", "town", 40),
    ("", "", "", "動物病院", "ドウブツビョウイン", "ドウブツビョウイン", "surname", 26),
    ("", "", "", "犬猫病院", "イヌネコビョウイン", "イヌネコビョウイン", "surname", 6),
    ("", "", "", "ペットクリニック", "ペットクリニック", "ペットクリニック", "word", 10),
    ("", "", "", "どうぶつ病院", "ドウブツビョウイン", "ドウブツビョウイン", "word", 12),
    ("", "", "", "アニマルクリニック", "アニマルクリニック", "アニマルクリニック", "town", 6),
)
_INVESTIGATION_FORMS = (
    (
        "株式会社",
        "カブシキガイシャ",
        "カ)",
        "メディカルリサーチ",
        "メディカルリサーチ",
        "メディカルリサーチ",
        "word",
        40,
    ),
    ("", "", "", "獣医事務所", "ジュウイジムショ", "ジュウイジムショ", "surname", 40),
    ("有限会社", "ユウゲンガイシャ", "ユ)", "調査事務所", "チョウサジムショ", "チョウサジムショ", "surname", 20),
)
_FORMS = (*_AGENCY_FORMS, *_VETERINARY_FORMS, *_INVESTIGATION_FORMS)
_AGENCY, _VETERINARY = len(_AGENCY_FORMS), len(_VETERINARY_FORMS)
#: Towns with longer names do not give a clinic its name.
_LONGEST_TOWN = 5


@dataclass(frozen=True)
class Partners:
    """A table's columns, and beside it what other tables need to know of each row."""

    columns: Columns
    prefecture: Integers
    bank_name: pa.StringArray  # the name as it stands on a bank account, in full-width kana
    treats: Integers  # rows that treat animals


def agencies(count: int, seed: int, as_of: datetime) -> Partners:
    dice = Dice(seed, "agencies")
    homes = Homes.draw(dice, count, OFFICES_IN_BUILDINGS)
    form = dice.weighted(count, [weight for *_, weight in _AGENCY_FORMS])
    name, _, bank_name = _names(dice, form, homes)
    # issued in no order: the code tells nothing about the others
    code = (dice.below(1, 90_000)[0] + np.arange(count) * 7_919) % 90_000 + 10_000
    columns = {
        "id": pa.array(np.arange(1, count + 1)),
        "code": text.join("AG", text.number(code)),
        "name": name,
        **_offices(dice, homes, count),
        "created_at": _since(dice, count, as_of),
    }
    return Partners(columns, homes.prefecture, bank_name, treats=np.empty(0, np.int64))


def clinics(count: int, seed: int, as_of: datetime) -> Partners:
    dice = Dice(seed, "clinics")
    homes = Homes.draw(dice, count, OFFICES_IN_BUILDINGS)
    investigates = dice.chance(count, INVESTIGATION_PARTNERS)
    investigates[0] = False  # there is always somebody who treats
    form = np.where(
        investigates,
        _AGENCY + _VETERINARY + dice.weighted(count, [weight for *_, weight in _INVESTIGATION_FORMS]),
        _AGENCY + dice.weighted(count, [weight for *_, weight in _VETERINARY_FORMS]),
    )
    name, kana, bank_name = _names(dice, form, homes)
    columns = {
        "id": pa.array(np.arange(1, count + 1)),
        "kind": text.choose(investigates, "investigation_partner", "veterinary_institution"),
        "name": name,
        "kana": kana,
        **_offices(dice, homes, count),
        "phone": phones.landlines(dice, homes.prefecture),
        "created_at": _since(dice, count, as_of),
    }
    return Partners(columns, homes.prefecture, bank_name, treats=np.flatnonzero(~investigates))


def _names(dice: Dice, form: Integers, homes: Homes) -> tuple[pa.StringArray, pa.StringArray, pa.StringArray]:
    """Name, reading, and the reading with the bank's abbreviation of the legal form."""
    size = len(form)
    family, word = surnames().draw(dice, size), dice.below(size, len(_WORD_KANJI))
    given = given_names().draw(dice, dice.chance(size, 0.8), dice.between(size, 1950, 1995))
    town = text.pick(places().town, homes.place)
    short = pa.compute.utf8_length(town).to_numpy() <= _LONGEST_TOWN
    stem = np.array([stem for *_, stem, _ in _FORMS])[form]
    stem = np.where((stem == "town") & ~short, "surname", stem)
    written = {
        "surname": text.pick(surnames().kanji, family),
        "word": text.pick(_WORD_KANJI, word),
        "town": town,
    }
    read = {
        "surname": text.pick(surnames().kana, family),
        "word": text.pick(_WORD_KANA, word),
        "town": text.pick(places().town_kana, homes.place),
    }
    written["person"] = text.join(written["surname"], "　", text.pick(given_names().kanji, given))
    read["person"] = text.join(read["surname"], "　", text.pick(given_names().kana, given))
    middle, middle_read = written["surname"], read["surname"]
    for kind in ("word", "town", "person"):
        middle = text.choose(stem == kind, written[kind], middle)
        middle_read = text.choose(stem == kind, read[kind], middle_read)
    before, before_read, before_bank, after, after_read, after_bank = (
        text.pick([str(entry[place]) for entry in _FORMS], form) for place in range(6)
    )
    return (
        text.join(before, middle, after),
        text.join(before_read, middle_read, after_read),
        text.join(before_bank, middle_read, after_bank),
    )


def _offices(dice: Dice, homes: Homes, count: int) -> Columns:
    everything, never = np.arange(count), np.zeros(count, bool)
    return {
        "postal_code": homes.postal_codes(everything),
        "address": homes.write(
            everything, dice.weighted(count, (80, 6, 14, 0, 0)), no_prefecture=never, no_building=never
        ),
    }


def _since(dice: Dice, count: int, as_of: datetime) -> pa.Array:
    days = day_of(as_of) - dice.curve(count, PARTNER_SINCE)
    return timestamps(moments(days, time_of_day(dice, count, OFFICE_HOURS)))
