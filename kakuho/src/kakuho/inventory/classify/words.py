"""Identifiers as words: ``CustomerTelNo1``, ``customer_tel_no1`` and ``ＣＵＳＴＯＭＥＲ＿ＴＥＬ`` alike."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_ABBREVIATIONS = {
    "ids": "id",
    "uuids": "uuid",
    "nm": "name",
    "cd": "code",
    "num": "no",
    "number": "no",
    "nr": "no",
    "addr": "address",
    "adr": "address",
    "pwd": "password",
    "passwd": "password",
    "dt": "date",
    "ymd": "date",
    "desc": "description",
    "amt": "amount",
    "acct": "account",
    "cust": "customer",
    "emp": "employee",
    "pt": "patient",
    "mst": "master",
    "hist": "history",
    "msg": "message",
    "txt": "text",
    "qty": "quantity",
    "tran": "transaction",
    "telephone": "phone",
    "telno": "phone",
}
_TABLE_PREFIX = ("tbl", "dtb", "mtb", "tb", "t", "m", "tm", "tt", "mst", "wp", "dbo", "public", "app", "auth")


@lru_cache(maxsize=65536)
def words(identifier: str) -> tuple[str, ...]:
    """The words in lower case, common abbreviations written out, digits as words of their own."""
    plain = unicodedata.normalize("NFKC", identifier)
    if plain.isupper():
        plain = plain.lower()
    parts = re.split(r"[^0-9A-Za-z\u3040-\u30ff\u3400-\u9fff々ー]+", _BOUNDARY.sub("_", plain))
    return tuple(_ABBREVIATIONS.get(part.lower(), part.lower()) for part in parts if part)


def joined(identifier: str) -> str:
    """The words between underscores, with one at each end: a pattern's ``_name_`` matches a whole word."""
    return "_" + "_".join(words(identifier)) + "_"


def table_words(name: str) -> tuple[str, ...]:
    """A table's words without technical prefixes, each in the singular."""
    found = [*words(name)]
    while len(found) > 1 and found[0] in _TABLE_PREFIX:
        found.pop(0)
    return tuple(singular(word) for word in found)


def singular(word: str) -> str:
    """``policies`` → ``policy``, ``addresses`` → ``address``, ``customers`` → ``customer``."""
    if not word.isascii() or len(word) < 4:
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if word == "people":
        return "person"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
