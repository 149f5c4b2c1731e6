"""What the shop holds: its items, and the persons that nobody but an attacker asks it for.

The persons are chosen for what is hard to carry over letter by letter: kanji, kana, half width, an emoji, quotes, a
long value, a null, an empty text, numbers. All are synthetic; the mail addresses are of RFC 2606's domains.
"""

SCHEMA = (
    "CREATE TABLE item (id INTEGER PRIMARY KEY, ref VARCHAR(20) NOT NULL, title VARCHAR(80) NOT NULL,"
    " price INTEGER NOT NULL)",
    "CREATE TABLE person (id INTEGER PRIMARY KEY, name VARCHAR(60), mail VARCHAR(80), note VARCHAR(200),"
    " points INTEGER)",
)
ITEM_COLUMNS = ("id", "ref", "title", "price")
PERSON_COLUMNS = ("id", "name", "mail", "note", "points")

ITEMS = (
    (1, "tea-01", "煎茶 100g", 1080),
    (2, "tea-02", "ほうじ茶 100g", 860),
    (3, "tea-03", "玉露 50g", 2160),
    (4, "cup-01", "湯呑 白磁", 1500),
    (5, "cup-02", "Tea cup, blue", 1800),
    (6, "pot-01", "急須 常滑", 4200),
)

PERSONS = (
    (1, "林 愛", "ai@example.jp", 'O\'Brien "q"', 1204),
    (2, "Ana Ruiz", "ana.ruiz@example.com", None, 7),
    (3, "ﾔﾏﾀﾞ花子", "hana_k+shop@example.org", "", 0),
    (4, "髙橋🍵", "t@example.net", "a,b;c%_\\d", -35),
    (
        5,
        "斎藤 一",
        "saito.hajime.long-name@mail.example.co.jp",
        "配達は平日の夕方、門の左の呼び鈴。不在のときは隣へ",
        99999,
    ),
)
