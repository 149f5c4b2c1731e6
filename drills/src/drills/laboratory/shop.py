"""A careless shop: every page pastes its parameter into SQL, each showing the outcome in another way.

A WSGI application for the laboratory alone, served on 127.0.0.1. `LAB_DATABASE` names the database.
"""

import base64
import contextlib
import html
import os
import random
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote_plus
from wsgiref.types import StartResponse, WSGIEnvironment

from drills.laboratory.store import Rows, StatementError, Store

_STORE = Store(os.environ["LAB_DATABASE"])
_CHANCE = random.Random(5)  # noqa: S311  (the size of a banner, nothing secret)
_FOUND = "<p>在庫あり。通常二日以内に発送します。三千円以上のお買い上げで送料無料。</p>"
_NOTHING = "<p>該当する商品はありません。</p>"


@dataclass
class Answer:
    body: str
    status: str = "200 OK"
    headers: list[tuple[str, str]] = field(default_factory=list)


def item(value: str) -> Answer:
    """Numeric; the page is larger where a row was found, and a wrong statement is a bare 500."""
    try:
        return Answer(_item_page(_STORE.rows(f"SELECT title, price FROM item WHERE id = {value}")))
    except StatementError:
        return Answer("<p>ただいまご利用いただけません。</p>", "500 Internal Server Error")


def search(value: str) -> Answer:
    """Text inside LIKE; found or not shows in the status, a wrong statement counts as not found."""
    try:
        found = _STORE.rows(f"SELECT title FROM item WHERE title LIKE '%{value}%'")
    except StatementError:
        found = []
    return Answer(_page("検索結果"), "200 OK" if found else "404 Not Found")


def go(value: str) -> Answer:
    """Text; found means a redirect to the item, else a page."""
    try:
        found = _STORE.rows(f"SELECT id FROM item WHERE ref = '{value}'")
    except StatementError:
        found = []
    return Answer("", "302 Found", [("Location", f"/item?id={found[0][0]}")]) if found else Answer(_page(_NOTHING))


def quiet(value: str) -> Answer:
    """Numeric; one and the same page whatever happens, so that time alone tells."""
    with contextlib.suppress(StatementError):
        _STORE.rows(f"SELECT id FROM item WHERE id = {value}")
    return Answer(_page("<p>受け付けました。</p>"))


def laggy(value: str) -> Answer:
    """As `quiet`, on a bad day: up to 0.4 seconds more, by chance."""
    time.sleep(_CHANCE.uniform(0, 0.4))
    return quiet(value)


def err(value: str) -> Answer:
    """Numeric; prints what the database says."""
    try:
        return Answer(_item_page(_STORE.rows(f"SELECT title, price FROM item WHERE id = {value}")))
    except StatementError as error:
        return Answer(_page(f"<pre>{html.escape(str(error))}</pre>"), "500 Internal Server Error")


def union(value: str) -> Answer:
    """Text; prints every row it gets."""
    try:
        rows = _STORE.rows(f"SELECT title, ref, price FROM item WHERE ref = '{value}'")
    except StatementError:
        return Answer(_page(_NOTHING), "500 Internal Server Error")
    return Answer(_page(_table(rows)))


def raw(value: str) -> Answer:
    """The parameter is the statement; the page says whether there was a row."""
    try:
        rows = _STORE.rows(value)
    except StatementError:
        rows = []
    return Answer(_page(_FOUND if rows else _NOTHING))


def inline(value: str) -> Answer:
    """The parameter is a column of the statement, and the page prints it."""
    try:
        rows = _STORE.rows(f"SELECT {value}, price FROM item WHERE id = 1")
    except StatementError:
        return Answer(_page(_NOTHING), "500 Internal Server Error")
    return Answer(_page(_table(rows)))


def noisy(value: str) -> Answer:
    """As `item`, with a banner whose length changes by chance; a wrong statement is the page without a row."""
    return Answer(_page(f"<p>{'広告' * _CHANCE.randrange(12)}</p>" + _row_or_nothing(value)))


def echo(value: str) -> Answer:
    """As `noisy`, but it is the parameter that the page repeats."""
    return Answer(_page(f"<p>お探しの番号: {html.escape(value)}</p>" + _row_or_nothing(value)))


PAGES: dict[str, tuple[str, Callable[[str], Answer]]] = {
    "/item": ("id", item),
    "/search": ("q", search),
    "/go": ("ref", go),
    "/quiet": ("id", quiet),
    "/laggy": ("id", laggy),
    "/err": ("id", err),
    "/union": ("ref", union),
    "/raw": ("q", raw),
    "/inline": ("n", inline),
    "/b64": ("id", lambda value: Answer(_page(_row_or_nothing(_from_base64(value))))),
    "/twice": ("id", lambda value: Answer(_page(_row_or_nothing(unquote_plus(value))))),
    "/noisy": ("id", noisy),
    "/echo": ("id", echo),
}


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """The WSGI entry point."""
    path = environ["PATH_INFO"]
    parameter, page = PAGES.get(path, ("", None))
    if page is not None:
        answer = page(_parameter(environ["QUERY_STRING"], parameter))
    elif path == "/":
        answer = Answer(_page("<p>お茶と器の店</p>"))
    else:
        answer = Answer(_page(_NOTHING), "404 Not Found")
    body = answer.body.encode("utf-8", "replace")
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body))), *answer.headers]
    start_response(answer.status, headers)
    return [body]


def _parameter(query: str, name: str) -> str:
    """The first value of that name; `%u0041`, IIS's own escape, is understood too."""
    plain = re.sub("%u00([0-9a-fA-F]{2})", r"%\1", query)
    return parse_qs(plain, keep_blank_values=True).get(name, [""])[0]


def _row_or_nothing(value: str) -> str:
    try:
        rows = _STORE.rows(f"SELECT title, price FROM item WHERE id = {value}")
    except StatementError:
        return _NOTHING
    return _table(rows) + _FOUND if rows else _NOTHING


def _item_page(rows: Rows) -> str:
    return _page(_table(rows) + _FOUND if rows else _NOTHING)


def _table(rows: Rows) -> str:
    lines = ("".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) for row in rows)
    return "<table>" + "\n".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


def _page(content: str) -> str:
    return f'<!doctype html>\n<html lang="ja">\n<title>茶舗</title>\n<h1>茶舗</h1>\n{content}\n</html>\n'


def _from_base64(value: str) -> str:
    try:
        return base64.b64decode(value, validate=False).decode("utf-8", "replace")
    except ValueError:
        return ""
