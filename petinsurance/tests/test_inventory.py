"""The inventory names every table, every column and every address of the system, and nothing that is not there."""

import re
from pathlib import Path

import psycopg
import pytest
import yaml
from django.urls import URLPattern, get_resolver

import petinsurance

INVENTORY = yaml.safe_load((Path(petinsurance.__file__).parent / "inventory.yaml").read_text(encoding="utf-8"))
COLLECTIONS = INVENTORY["dataset"][0]["collections"]
ROUTES = [path for path in INVENTORY["access_paths"] if path["kind"] == "route"]
METHODS = ("GET", "POST")


@pytest.fixture
def columns(embedded) -> dict[str, set[str]]:
    """The tables of the running database with their columns."""
    found: dict[str, set[str]] = {}
    with psycopg.connect(embedded.owner_url) as connection:
        for table, column in connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        ):
            found.setdefault(table, set()).add(column)
    return found


def test_every_table_and_column_is_classified(columns: dict[str, set[str]]) -> None:
    listed = {one["name"]: {field["name"] for field in one["fields"]} for one in COLLECTIONS}
    assert listed == columns


def test_keys_and_times_are_columns_of_their_table() -> None:
    for one in COLLECTIONS:
        names = {field["name"] for field in one["fields"]}
        about = one["kakuho"]
        used = {about["key"], *about.get("unique", []), *(link["field"] for link in about.get("subject", []))}
        used |= {about[moment] for moment in ("created_at", "changed_at") if moment in about}
        assert used <= names, one["name"]


def test_the_categories_and_items_of_the_notice() -> None:
    assert [category["id"] for category in INVENTORY["categories"]] == [
        "policyholder", "prospect", "injured_third_party", "clinic", "agency",
    ]  # fmt: skip
    assert [item["id"] for item in INVENTORY["items"]] == [
        "name", "address", "gender", "birth_date", "phone", "email", "policy_number", "claim_payments",
        "negotiation_history", "bank_account",
    ]  # fmt: skip


def addresses(resolvers, before: str = "/"):
    for one in resolvers:
        here = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield here.replace("<int:key>", "12")
        else:
            yield from addresses(one.url_patterns, here)


@pytest.mark.parametrize("path", list(addresses(get_resolver("petinsurance.urls").url_patterns)))
def test_every_address_and_method_is_exactly_one_access_path(browser, path: str) -> None:
    visitor = browser()
    answers = {"GET": visitor.get(path), "POST": visitor.post(path)}
    open_methods = {method for method, answer in answers.items() if answer.status_code != 405}
    listed = {
        method: [route["id"] for route in ROUTES if method in route["methods"] and re.search(route["path"], path)]
        for method in METHODS
    }
    assert {method for method in METHODS if listed[method]} == open_methods
    assert all(len(ids) <= 1 for ids in listed.values())


def test_no_access_path_leads_nowhere() -> None:
    paths = [*addresses(get_resolver("petinsurance.urls").url_patterns), "/static/petinsurance.css"]
    unused = [route["id"] for route in ROUTES if not any(re.search(route["path"], path) for path in paths)]
    assert unused == []


def test_beside_the_web_there_are_the_database_the_backups_and_the_hosts() -> None:
    others = {path["id"]: path["kind"] for path in INVENTORY["access_paths"] if path["kind"] != "route"}
    assert others == {
        "database.web_role": "database_role",
        "database.direct": "database_role",
        "backup": "backup",
        "host": "host",
    }
