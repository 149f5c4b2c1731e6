"""The attacks of the laboratory: technique × DBMS × variant, each against one page of the shop.

A *complete* case must be decoded to the last letter from every one of its logs; from another (lines are missing, or
stamps of whole seconds for delays of one second) letters may stay undecided, but none may be wrong. A *hidden* case
brings its values home in the response bodies, which no access log holds: there the decoder has to name the cells.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from drills.laboratory import sqlmap_tool
from drills.laboratory.scripts import bitwise, clock, linear, sets
from drills.laboratory.sqlmap_tool import Wish
from drills.laboratory.truth import Cell
from drills.processes import Processes

TECHNIQUES = ("boolean", "tampered", "time", "stacked", "union", "error", "inline", "script", "scan")
ATTACKER, SECOND_ATTACKER = "127.0.5.9", "127.0.5.77"
_NOT_BROUGHT_HOME = {
    "sqlite-boolean-head",  # sqlmap finds no weakness by lengths alone
    "sqlite-time-laggy",  # heavy queries on a bad day: minutes a letter
    "sqlite-inline-column",  # sqlmap's inline query has no parentheses there, and stands in no list of columns
}
_BY_STATUS = ("--level", "3", "--code", "200", "--ignore-code", "404")
_WHOLE_SECONDS = ("nginx", "apache")
_ALL = ("nginx", "nginx-time", "apache", "apache-time", "gunicorn-time")
Attack = Callable[[Processes, str, Path], list[Cell]]
"""The site and a working folder in, the cells that were brought home out."""


@dataclass(frozen=True)
class Case:
    dbms: str
    technique: str
    variant: str
    attack: Attack
    quick: bool = False
    hidden: bool = False
    undecidable_logs: tuple[str, ...] = ()
    keep_lines: int = 100

    @property
    def name(self) -> str:
        return f"{self.dbms}-{self.technique}-{self.variant}"


def cases(dbms: str) -> list[Case]:
    """All cases of one DBMS, the quick ones among them marked."""
    listed = [*_boolean(dbms), *_tampered(dbms), *_timed(dbms), *_printed(dbms), *_scripts(dbms), _scan(dbms)]
    return [case for case in listed if case.name not in _NOT_BROUGHT_HOME]


def _sqlmap(dbms: str, technique: str, variant: str, *wishes: Wish, **traits: object) -> Case:
    """Several wishes are one attack that resumes: the same session, one run after the other."""

    def attack(processes: Processes, site: str, folder: Path) -> list[Cell]:
        for number, wish in enumerate(wishes):
            cells = sqlmap_tool.take(processes, site, dbms, wish, ATTACKER, folder, resume=number > 0)
        return cells

    return Case(dbms, technique, variant, attack, **traits)  # type: ignore[arg-type]


def _two_at_once(dbms: str, processes: Processes, site: str, folder: Path) -> list[Cell]:
    """Two strangers at the same page in the same minute, each after a column of its own."""
    wishes = {
        ATTACKER: Wish("/item?id=3", "B", ("mail",), 1, 2),
        SECOND_ATTACKER: Wish("/item?id=3", "B", ("name",), 1, 2),
    }
    with ThreadPoolExecutor() as both:
        taken = both.map(lambda of: sqlmap_tool.take(processes, site, dbms, wishes[of], of, folder / of), wishes)
        return [cell for cells in taken for cell in cells]


def _boolean(dbms: str) -> list[Case]:
    sqlmap = partial(_sqlmap, dbms, "boolean")
    return [
        sqlmap("size", Wish("/item?id=3", "B", ("name", "note"), 1, 5)),
        sqlmap("quick", Wish("/item?id=3", "B", ("name",), 3, 3), quick=True),
        sqlmap("status", Wish("/search?q=cup", "B", ("id", "mail"), 1, 2, _BY_STATUS)),
        sqlmap("redirect", Wish("/go?ref=tea-01", "B", ("note",), 1, 3)),
        sqlmap("threads", Wish("/item?id=3", "B", ("name", "points"), 3, 5, ("--threads", "4"))),
        sqlmap("noisy", Wish("/noisy?id=3", "B", ("mail",), 1, 2, ("--string", "在庫あり"))),
        sqlmap("echo", Wish("/echo?id=3", "B", ("mail",), 1, 2, ("--string", "在庫あり"))),
        sqlmap("base64", Wish("/b64?id=Mw==", "B", ("mail",), 1, 1, ("--base64", "id"))),
        sqlmap("hex", Wish("/item?id=3", "B", ("name",), 1, 1, ("--hex",))),
        sqlmap("no-cast", Wish("/item?id=3", "B", ("mail",), 1, 2, ("--no-cast",))),
        sqlmap("resumed", Wish("/item?id=3", "B", ("mail",), 1, 1), Wish("/item?id=3", "B", ("mail",), 1, 3)),
        sqlmap("head", Wish("/item?id=3", "B", ("points",), 1, 1, ("--null-connection",)), undecidable_logs=_ALL),
        Case(dbms, "boolean", "two-attackers", partial(_two_at_once, dbms)),
        sqlmap("lossy", Wish("/item?id=3", "B", ("mail",), 1, 3), keep_lines=85),
        sqlmap("half", Wish("/item?id=3", "B", ("mail",), 1, 3), keep_lines=50),
    ]  # fmt: skip


def _tampered(dbms: str) -> list[Case]:
    tampers = [
        "between", "space2comment", "randomcase", "equaltolike", "space2plus",
        "multiplespaces" if dbms == "sqlite" else "greatest", "charencode",
        "ifnull2ifisnull" if dbms == "mariadb" else "space2randomblank", "between,randomcase,space2comment",
        "charunicodeencode", "base64encode",
    ]  # fmt: skip
    page = {"base64encode": "/b64?id=3"}
    needs = {"base64encode": ("--string", "在庫あり"), "space2plus": ("--skip-urlencode",)}
    listed = [
        _sqlmap(
            dbms, "tampered", tamper.replace(",", "+"),
            Wish(page.get(tamper, "/item?id=3"), "B", ("points",), 1, 2, ("--tamper", tamper, *needs.get(tamper, ()))),
            quick=tamper == "between,randomcase,space2comment" and dbms == "postgresql",
        )
        for tamper in tampers
    ]  # fmt: skip
    double = Wish("/twice?id=3", "B", ("points",), 1, 2, ("--tamper", "chardoubleencode"))
    return [*listed, _sqlmap(dbms, "tampered", "chardoubleencode", double)]


def _timed(dbms: str) -> list[Case]:
    heavy = ("--level", "5", "--risk", "2") if dbms == "sqlite" else ()
    only = ("--test-filter", "SQLite > 2.0 AND time-based") if dbms == "sqlite" else ()
    stack = ("--test-filter", "SQLite > 2.0 stacked") if dbms == "sqlite" else ("--level", "2")
    return [
        _sqlmap(dbms, "time", "quick", Wish("/quiet?id=3", "T", ("points",), 3, 3, (*heavy, *only)),
                quick=dbms == "mariadb", undecidable_logs=_WHOLE_SECONDS),
        _sqlmap(dbms, "time", "one-second", Wish("/quiet?id=3", "T", ("points",), 3, 4, (*heavy, *only)),
                undecidable_logs=_WHOLE_SECONDS),
        _sqlmap(dbms, "time", "two-seconds", Wish("/quiet?id=3", "T", ("points",), 3, 3, (*heavy, *only), 2),
                undecidable_logs=_WHOLE_SECONDS if dbms == "sqlite" else ()),
        _sqlmap(dbms, "time", "laggy", Wish("/laggy?id=3", "T", ("points",), 3, 3, (*heavy, *only), 2),
                undecidable_logs=_WHOLE_SECONDS),
        _sqlmap(dbms, "time", "lossy", Wish("/quiet?id=3", "T", ("points",), 3, 3, (*heavy, *only), 2), keep_lines=85),
        _sqlmap(dbms, "stacked", "one-second", Wish("/quiet?id=3", "S", ("points",), 3, 3, (*heavy, *stack)),
                undecidable_logs=_WHOLE_SECONDS),
    ]  # fmt: skip


def _printed(dbms: str) -> list[Case]:
    everything = ("id", "name", "mail", "note", "points")
    level = ("--level", "3") if dbms == "sqlite" else ()
    return [
        _sqlmap(dbms, "union", "whole-table", Wish("/union?ref=tea-01", "U", everything, 1, 5), hidden=True),
        _sqlmap(dbms, "union", "rows", Wish("/union?ref=tea-01", "U", ("name", "mail"), 2, 3), hidden=True),
        _sqlmap(dbms, "error", "message", Wish("/err?id=3", "E", ("id", "name"), 1, 3, level), hidden=True),
        _sqlmap(dbms, "inline", "column", Wish("/inline?n=id", "Q", ("id", "name"), 1, 3), hidden=True),
    ]


def _scripts(dbms: str) -> list[Case]:
    heavy = _WHOLE_SECONDS if dbms == "sqlite" else ()  # no sleep there, and a heavy query keeps no time

    def script(name: str, take: Callable[..., list[Cell]], persons: tuple[int, ...], **traits: object) -> Case:
        def attack(processes: Processes, site: str, folder: Path) -> list[Cell]:
            return take(site, dbms, ATTACKER, persons=persons)

        return Case(dbms, "script", name, attack, **traits)  # type: ignore[arg-type]

    return [
        script("linear", linear.take, (1, 4), quick=dbms == "sqlite"),
        script("bitwise", bitwise.take, (1, 4), quick=dbms == "postgresql"),
        script("sets", sets.take, (1, 3)),
        script("clock", clock.take, (2,), undecidable_logs=heavy),
        script("clocks", partial(clock.take, threads=3), (2,), undecidable_logs=_WHOLE_SECONDS),
    ]


def _scan(dbms: str) -> Case:
    wish = Wish("/item?id=3", "BEUSTQ", (), options=("--level", "1"))
    return _sqlmap(dbms, "scan", "nothing-taken", wish, quick=dbms == "sqlite")
