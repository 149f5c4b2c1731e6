"""Whatever way a secret is asked for, what the log decides is decoded, and nothing else."""

from __future__ import annotations

import base64
import random
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakuho.exposure.injection import UNDECIDED, DecodedValue, decode_log

from .attacker import CHARSET, FORMS, Form, Page, others

SECRETS = {
    "ascii": "O'Brien +81@x-1.jp",
    "word": "hana_k@example.jp",
    "bmp": "林 愛ﾔﾏﾀﾞé",
    "any": "髙橋🍵 a",
}


def decoded(tmp_path: Path, lines: list[str], **options: str) -> list[DecodedValue]:
    log = tmp_path / "access.log"
    log.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [value for found in decode_log(log, **options)[0] for value in found.values]  # type: ignore[arg-type]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_a_secret_is_read_back_whole(form: Form, tmp_path: Path) -> None:
    page = Page()
    secret = SECRETS[form.reach]
    form.extract(page.ask, form.query, secret)
    values = [value for value in decoded(tmp_path, page.lines) if value.column == "mail"]
    assert [(value.value, value.complete) for value in values] == [(secret, True)]
    assert values[0].table is not None and values[0].table.lower().endswith("customers")
    assert values[0].row == 3
    assert values[0].lines[0] == 1 and values[0].lines[-1] == len(page.lines)


@pytest.mark.parametrize(
    "around",
    ["1' AND {} AND 'iJud'='iJud", "1) AND {} AND (1=1", "1' AND {}-- -", '1" AND {} AND "a"="a', "-1 OR {}#",
     "1 OR NOT {}",
     "1 AND NOT ({})", "(SELECT (CASE WHEN ({}) THEN 1 ELSE (SELECT 1 UNION SELECT 2) END))", "1;SELECT 1 WHERE {}-- "],
)  # fmt: skip
def test_it_does_not_matter_what_the_condition_stands_in(around: str, tmp_path: Path) -> None:
    page = Page(around=around)
    negated = "NOT" in around

    def ask(condition: str, holds: bool) -> bool:
        page.ask(condition, holds != negated)
        return holds

    FORMS[0].extract(ask, FORMS[0].query, "Ana Ruiz")
    assert [value.value for value in decoded(tmp_path, page.lines)] == ["Ana Ruiz"]


def _twice(text: str) -> str:
    return quote(quote(text))


def _comments(text: str) -> str:
    return quote(text.replace(" ", "/**/"))


def _units(text: str) -> str:
    return "".join(f"%u{ord(one):04X}" for one in text)


def _every(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def _case(text: str) -> str:
    return quote("".join(one.upper() if (number * 7) % 3 else one.lower() for number, one in enumerate(text)))


def _base64(text: str) -> str:
    return quote(base64.b64encode(text.encode()).decode())


@pytest.mark.parametrize("encode", [_twice, _comments, _units, _every, _base64, lambda text: text.encode().hex()])
def test_encodings_are_undone(encode, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    page = Page(encode=encode)
    FORMS[0].extract(page.ask, FORMS[0].query, "Ana Ruiz")
    assert [(value.value, value.row) for value in decoded(tmp_path, page.lines)] == [("Ana Ruiz", 3)]


def test_a_page_that_repeats_the_payload_answers_by_its_size_all_the_same(tmp_path: Path) -> None:
    page = Page(true_size=900, false_size=880, echoes=2)
    FORMS[0].extract(page.ask, FORMS[0].query, "ana.ruiz@example.com")
    assert [value.value for value in decoded(tmp_path, page.lines)] == ["ana.ruiz@example.com"]


def test_a_scan_that_took_nothing_gives_no_value(tmp_path: Path) -> None:
    page = Page()
    for number in range(40):
        page.ask(f"{4000 + number}={4000 + number}", holds=True)
        page.ask(f"{4000 + number}={5000 + number}", holds=False)
        page.ask("SLEEP(5)", holds=False)
        page.line(f"/item?id={quote(f'1 ORDER BY {number}-- -')}", 480)
        page.line(f"/item?id={quote('1 UNION ALL SELECT ' + ','.join(['NULL'] * number) + '-- -')}", 480)
        page.ask("(SELECT ASCII(SUBSTRING((SELECT @@version),1,1)))>0", holds=False)
    assert decoded(tmp_path, page.lines + list(others(page, 200))) == []


def test_letters_are_undecided_where_mysql_would_not_tell_their_case(tmp_path: Path) -> None:
    page = Page()
    query = "SELECT IFNULL(CAST(mail AS NCHAR),0x20) FROM customers LIMIT 0,1"
    for place, letter in enumerate("Ab1", start=1):
        for tried in "abcdefghijklmnopqrstuvwxyz0123456789":
            if page.ask(f"SUBSTRING(({query}),{place},1)='{tried}'", tried == letter.lower()):
                break
    (value,) = decoded(tmp_path, page.lines)
    assert value.value == f"{UNDECIDED}{UNDECIDED}1"
    assert not value.complete
    assert value.candidates == {1: "Aa", 2: "Bb"}


def _reach(form: Form) -> st.SearchStrategy[str]:
    if form.reach in ("ascii", "word"):
        return st.text(CHARSET.replace("'", "") if form.reach == "ascii" else "abcdeXYZ019@_", min_size=1, max_size=8)
    letters = "aZ5 '漢字かなﾔﾏéß" + ("🍵𠮷" if form.reach == "any" else "")
    return st.text(letters, min_size=1, max_size=6)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_letter_is_ever_wrong(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Lines missing, in any order, other users in between, requests sent again: decided means right."""
    form = data.draw(st.sampled_from(FORMS))
    secrets = data.draw(st.lists(_reach(form), min_size=1, max_size=3, unique=True))
    page = Page(
        echoes=data.draw(st.sampled_from([0, 0, 1])), around=data.draw(st.sampled_from(["1 AND {}", "1' AND {}-- -"]))
    )
    queries = {}
    for number, secret in enumerate(secrets):
        query = (
            form.query.replace("3,1", f"{number},1")
            .replace("OFFSET 3", f"OFFSET {number}")
            .replace("CAP=4", f"CAP={number + 1}")
        )
        if query == form.query and number:
            break
        queries[number if query != form.query else 3] = secret
        form.extract(page.ask, query, secret)
    chance = random.Random(data.draw(st.integers(0, 1 << 30)))
    lost = data.draw(st.sampled_from([0.0, 0.0, 0.05, 0.3]))
    lines = [line for line in page.lines if chance.random() >= lost]
    lines += [line for line in lines if chance.random() < 0.05]
    lines += others(page, data.draw(st.integers(0, 50)))
    if data.draw(st.booleans()):
        chance.shuffle(lines)
    found = decoded(tmp_path_factory.mktemp("log"), lines)
    for value in found:
        if value.column != "mail" or value.value is None:
            continue
        truth = queries[value.row if value.row is not None else 3]
        if value.complete:
            assert value.value == truth
        assert len(value.value) <= len(truth)
        for mine, true in zip(value.value, truth, strict=False):
            assert mine in (UNDECIDED, true)
