"""Contact data of people who turn to the insurer for the first time during a drill; all of them invented."""

import random
from datetime import date, timedelta

_SURNAMES = (
    ("佐藤", "サトウ"), ("鈴木", "スズキ"), ("高橋", "タカハシ"),
    ("田中", "タナカ"), ("伊藤", "イトウ"), ("渡辺", "ワタナベ"),
    ("山本", "ヤマモト"), ("中村", "ナカムラ"), ("小林", "コバヤシ"),
    ("加藤", "カトウ"), ("吉田", "ヨシダ"), ("山田", "ヤマダ"),
    ("佐々木", "ササキ"), ("松本", "マツモト"), ("井上", "イノウエ"),
    ("木村", "キムラ"), ("林", "ハヤシ"), ("清水", "シミズ"),
)  # fmt: skip
_GIVEN = (
    ("陽菜", "ヒナ", "female"), ("結衣", "ユイ", "female"), ("美咲", "ミサキ", "female"),
    ("由美子", "ユミコ", "female"),
    ("恵子", "ケイコ", "female"), ("さくら", "サクラ", "female"), ("翔太", "ショウタ", "male"),
    ("大輔", "ダイスケ", "male"),
    ("健一", "ケンイチ", "male"), ("誠", "マコト", "male"), ("悠真", "ユウマ", "male"),
    ("薫", "カオル", "unspecified"),
)  # fmt: skip
_PLACES = (
    ("1500001", "東京都渋谷区神宮前"),
    ("5300001", "大阪府大阪市北区梅田"),
    ("4600008", "愛知県名古屋市中区栄"),
    ("0600001", "北海道札幌市中央区北一条西"),
    ("8100001", "福岡県福岡市中央区天神"),
    ("9800811", "宮城県仙台市青葉区一番町"),
    ("2200012", "神奈川県横浜市西区みなとみらい"),
    ("7300011", "広島県広島市中区基町"),
    ("6500021", "兵庫県神戸市中央区三宮町"),
)

SEARCHED_NAMES = tuple(surname for surname, _ in _SURNAMES)


def somebody(chance: random.Random, today: date) -> dict[str, str]:
    """The answers to a contact form, by its field names."""
    surname, surname_kana = chance.choice(_SURNAMES)
    given, given_kana, gender = chance.choice(_GIVEN)
    return new_address(chance) | {
        "name": f"{surname} {given}",
        "kana": f"{surname_kana} {given_kana}",
        "gender": gender,
        "birth_date": (today - timedelta(days=chance.randint(20 * 365, 80 * 365))).isoformat(),
        "phone": new_phone(chance),
        "email": f"{chance.choice(('neko', 'inu', 'pochi', 'mike', 'hana'))}{chance.getrandbits(36):x}@example.jp",
        "consent": "on",
    }


def new_address(chance: random.Random) -> dict[str, str]:
    """A house in one of a few places."""
    postal_code, place = chance.choice(_PLACES)
    house = f"{chance.randint(1, 9)}-{chance.randint(1, 30)}-{chance.randint(1, 20)}"
    return {"postal_code": postal_code, "address": f"{place}{house}"}


def new_phone(chance: random.Random) -> str:
    return f"0{chance.choice((70, 80, 90))}-{chance.randint(1000, 9999)}-{chance.randint(0, 9999):04d}"
