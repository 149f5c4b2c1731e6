"""What stands beside a verdict: ciphertext whose key was out of reach, and values only computed from. Never said of
what left in clear, or as it was.

In these worlds the database holds account numbers and mail addresses encrypted; pages show the addresses in clear.
"""

from __future__ import annotations

import psycopg
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kakuho.exposure import judge as judging
from kakuho.exposure.claims import Claims
from kakuho.exposure.judge import Judgement
from kakuho.exposure.protection import KeyReach
from kakuho.inventory import Inventory, Key, Protection

from .answer import INVENTORY, answer
from .test_faults_are_caught import fallen
from .test_laws import WOMAN
from .world import SOURCES, World, actions, build, clinics, holders
from .world import _legacy as legacy

present = st.sets(st.sampled_from(SOURCES))
ENCRYPTED = {("bank", "number"), ("holder", "email")}
SOURCES_ALL = set(SOURCES)


def encrypted(inventory: Inventory, reached_by: tuple[str, ...] = ("host",)) -> Inventory:
    collections = tuple(
        c.model_copy(
            update={
                "fields": tuple(
                    f.model_copy(update={"protection": Protection(encrypted="vault")})
                    if (c.name, f.name) in ENCRYPTED
                    else f
                    for f in c.fields
                )
            }
        )
        for c in inventory.collections
    )
    key = Key(id="vault", reached_by=reached_by)
    return inventory.model_copy(update={"collections": collections, "keys": (key,)})


CLOSED = encrypted(INVENTORY)
SQL_ROUTE_DECRYPTS = encrypted(INVENTORY, ("host", "database.web"))


def cells(judgement: Judgement, what: str) -> set[tuple[str, str]]:
    return {(row["subject"], row["item"]) for row in judgement.verdicts.to_pylist() if row[what]}


def affected(judgement: Judgement) -> set[tuple[str, str]]:
    rows = judgement.verdicts.to_pylist()
    return {(row["subject"], row["item"]) for row in rows if row["verdict"] != "ruled_out"}


def derived(judgement: Judgement) -> set[tuple[str, str]]:
    rows = judgement.verdicts.to_pylist()
    return {(row["subject"], row["item"]) for row in rows if row["level"] == "derived"}


def in_clear(world: World) -> set[tuple[str, str]]:
    """What pages showed, and what the database does not encrypt."""
    shown = {(str(row["subject"]), str(row["item"])) for row in world.disclosure if not row["masked"]}
    return shown | {(subject, item) for subject, item in world.truth if item not in ("email", "bank_account")}


@given(holders, clinics, actions, present)
@example([WOMAN], [], [("union", "email", ""), ("profile", 0, False)], set(SOURCES))
def test_what_left_in_clear_is_never_called_protected(
    database: psycopg.Connection, people, bodies, acts, sources
) -> None:
    world = build(database, people, bodies, acts)
    found = answer(world, database, sources, CLOSED)
    assert cells(found, "protected") & in_clear(world) == set()
    assert cells(found, "protected") <= affected(found)


@given(holders, clinics, actions, present)
def test_a_key_in_reach_protects_nothing(database: psycopg.Connection, people, bodies, acts, sources) -> None:
    world = build(database, people, bodies, acts)
    world.used.add("host")
    assert cells(answer(world, database, sources, CLOSED), "protected") == set()


@given(holders, clinics, actions, actions, present)
def test_more_claims_never_add_protection(database: psycopg.Connection, people, bodies, acts, more, sources) -> None:
    more = [act for act in more if act[0] not in ("change", "join_in")]
    before = answer(build(database, people, bodies, acts), database, sources, CLOSED)
    after = answer(build(database, people, bodies, acts + more), database, sources, CLOSED)
    assert cells(after, "protected") & affected(before) <= cells(before, "protected")
    assert derived(after) & affected(before) <= derived(before)


@given(holders, clinics, actions, present, st.sampled_from(SOURCES))
def test_less_evidence_never_adds_protection(database: psycopg.Connection, people, bodies, acts, sources, lost) -> None:
    world = build(database, people, bodies, acts)
    with_it = answer(world, database, sources | {lost}, CLOSED)
    without = answer(world, database, sources - {lost}, CLOSED)
    assert cells(without, "protected") & affected(with_it) <= cells(with_it, "protected")
    assert derived(without) & affected(with_it) <= derived(with_it)


def test_an_account_number_that_left_as_ciphertext_is_confirmed_and_protected(database: psycopg.Connection) -> None:
    world = build(database, [WOMAN], [], [])
    legacy(world, database, "x' UNION ALL SELECT number, NULL FROM bank-- q")
    found = answer(world, database, SOURCES_ALL, CLOSED)
    (row,) = [row for row in found.verdicts.to_pylist() if row["item"] == "bank_account"]
    assert (row["verdict"], row["level"], row["protected"]) == ("confirmed", "direct", True)
    assert found.reasons[row["protection"]]["ja"] == (
        "出たのは鍵「vault」による暗号文だけで、その鍵に届く経路（「host」）はすべて閉じていた。"
    )


def test_with_a_path_to_the_key_in_use_it_says_which(database: psycopg.Connection) -> None:
    world = build(database, [WOMAN], [], [])
    legacy(world, database, "x' UNION ALL SELECT number, NULL FROM bank-- q")
    found = answer(world, database, SOURCES_ALL, SQL_ROUTE_DECRYPTS)
    (row,) = [row for row in found.verdicts.to_pylist() if row["item"] == "bank_account"]
    assert (row["verdict"], row["protected"], row["protection"]) == ("confirmed", False, "key_in_reach:vault")
    assert "database.web" in found.reasons["key_in_reach:vault"]["en"]


def test_a_number_that_a_page_showed_in_part_is_not_protected(database: psycopg.Connection) -> None:
    world = build(database, [WOMAN], [], [("union_bank",), ("profile", 0, False)])
    assert ("holder:1", "bank_account") in cells(answer(world, database, SOURCES_ALL, CLOSED), "protected")
    masked = next(row for row in world.disclosure if row["masked"])
    world.attacker.append({**world.attacker[-1], "source_id": 3, "line": masked["line"], "table": "disclosure"})
    assert ("holder:1", "bank_account") not in cells(answer(world, database, SOURCES_ALL, CLOSED), "protected")


def test_an_address_that_a_page_showed_too_is_not_protected(database: psycopg.Connection) -> None:
    union = ("union", "email", "")
    by_sql_alone = answer(build(database, [WOMAN], [], [union]), database, SOURCES_ALL, CLOSED)
    and_by_page = answer(build(database, [WOMAN], [], [union, ("staff", 0)]), database, SOURCES_ALL, CLOSED)
    assert ("holder:1", "email") in cells(by_sql_alone, "protected")
    assert ("holder:1", "email") not in cells(and_by_page, "protected")


def injected(database: psycopg.Connection, *selects: str, inventory: Inventory = INVENTORY) -> dict[str, tuple]:
    """Item → (verdict, level) of ``holder:1`` after these SELECTs came out of an injected page, one after the other."""
    world = build(database, [WOMAN], [], [])
    for select in selects:
        legacy(world, database, f"x' UNION ALL {select}-- q")
    rows = answer(world, database, SOURCES_ALL, inventory).verdicts.to_pylist()
    return {row["item"]: (row["verdict"], row["level"]) for row in rows if row["subject"] == "holder:1"}


def test_a_hash_that_was_printed_is_possible_and_derived_until_the_value_itself_is(database) -> None:
    hashed = "SELECT id::text, md5(email) FROM holder"
    assert injected(database, hashed)["email"] == ("possible", "derived")
    assert injected(database, hashed, hashed + " WHERE id > 0")["email"] == ("possible", "derived")
    assert injected(database, hashed, "SELECT id::text, email FROM holder")["email"] == ("confirmed", "direct")


def test_one_answer_is_derived_and_two_are_direct(database) -> None:
    first = "SELECT id::text, 'x' FROM holder WHERE email > 'a'"
    assert injected(database, first)["email"] == ("possible", "derived")
    assert injected(database, first, first.replace("'a'", "'b'"))["email"] == ("possible", "direct")
    assert injected(database, first, first)["email"] == ("possible", "derived")  # the same answer again


def test_a_column_that_keeps_only_a_hash_never_confirms(database) -> None:
    fields = INVENTORY.collection("holder").fields
    kept = tuple(
        f.model_copy(update={"protection": Protection(hashed=True)}) if f.name == "email" else f for f in fields
    )
    holder = INVENTORY.collection("holder").model_copy(update={"fields": kept})
    collections = tuple(holder if c.name == "holder" else c for c in INVENTORY.collections)
    inventory = INVENTORY.model_copy(update={"collections": collections})
    world = build(database, [WOMAN], [], [("staff", 0)])  # though the ledger says that a page showed it
    rows = answer(world, database, SOURCES_ALL, inventory).verdicts.to_pylist()
    assert {row["item"]: (row["verdict"], row["level"]) for row in rows}["email"] == ("possible", "derived")
    assert injected(database, "SELECT name, email FROM holder", inventory=inventory) == {
        "name": ("confirmed", "direct"), "email": ("possible", "derived"),
        **dict.fromkeys(("gender", "policy_number", "bank_account"), ("ruled_out", "")),
    }  # fmt: skip


def test_whoever_can_decrypt_in_sql_took_clear_text(database) -> None:
    """The embedded server has no such function; that it was asked for is enough."""
    world = build(database, [WOMAN], [], [("union_bank",)])
    legacy(world, database, "x' UNION SELECT pgp_sym_decrypt(number::bytea, 'k'), NULL FROM bank-- q")
    assert cells(answer(world, database, SOURCES_ALL, CLOSED), "protected") == set()


def test_the_law_of_clear_text_falls_where_the_ledger_is_not_read(database, monkeypatch: pytest.MonkeyPatch) -> None:
    given = (database, [WOMAN], [], [("union", "email", ""), ("profile", 0, False)], set(SOURCES))
    fault = lambda: monkeypatch.setattr(judging, "ledger_claims", lambda *_: Claims.of())  # noqa: E731
    assert fallen(test_what_left_in_clear_is_never_called_protected, given, fault) == (False, True)


def test_the_law_of_keys_falls_where_every_key_is_taken_for_safe(database, monkeypatch: pytest.MonkeyPatch) -> None:
    safe = {"vault": KeyReach("vault", None, "closed", ("host",))}
    fault = lambda: monkeypatch.setattr(judging, "key_reach", lambda *_: safe)  # noqa: E731
    given = (database, [WOMAN], [], [("union_bank",)], set(SOURCES))
    assert fallen(test_a_key_in_reach_protects_nothing, given, fault) == (False, True)
