"""Where the application's own database connections come from, and what that tells of others."""

from __future__ import annotations

from pathlib import Path

from kakuho.inventory import AccessPath, Inventory, load_inventory

LAWS = load_inventory(Path(__file__).parents[1] / "laws" / "inventory.yaml")
DIRECT = AccessPath(id="database.direct", kind="database_role", role="*", collections="*", witnesses=("database_log",))


def _with(*paths: AccessPath) -> Inventory:
    return LAWS.model_copy(update={"access_paths": paths})


def _from(*places: str, role: str = "*") -> AccessPath:
    return DIRECT.model_copy(update={"application_from": places, "role": role})


def test_a_database_log_tells_whose_a_direct_connection_was_where_the_applications_places_are_known() -> None:
    assert DIRECT.tells_who == ()
    assert _from("local").tells_who == ("database_log",)


def test_the_local_socket_is_written_as_postgresql_writes_it() -> None:
    inventory = _with(_from("local", "10.0.0.5"))
    assert [inventory.is_foreign("web", a) for a in ("[local]", "10.0.0.5", "10.0.0.6")] == [False, False, True]


def test_what_has_no_address_and_what_nobody_declared_is_not_called_foreign() -> None:
    assert _with(_from("local")).is_foreign("web", None) is False
    assert _with(DIRECT).is_foreign("web", "10.0.0.6") is False


def test_a_path_of_one_role_says_nothing_of_another() -> None:
    inventory = _with(_from("local", role="report"))
    assert (inventory.is_foreign("report", "10.0.0.6"), inventory.is_foreign("web", "10.0.0.6")) == (True, False)


def test_where_the_log_has_no_addresses_nothing_is_told_apart() -> None:
    inventory = _with(_from("local")).without_addresses()
    assert (inventory.told_apart(), inventory.access_paths[0].tells_who) == ((), ())
