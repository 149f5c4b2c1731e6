"""The embedded server: what its log holds, and what the application's role may do."""

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from petinsurance import database
from petinsurance.errors import PetinsuranceError


def entries(embedded: database.RunningDatabase, wanted: Callable[[dict], bool]) -> list[dict]:
    """The log's entries of the wanted kind; the server writes them through a process of its own, so wait for them."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        whole, _, _ = embedded.log_file.read_text(encoding="utf-8").rpartition("\n")
        found = [entry for entry in map(json.loads, whole.splitlines()) if wanted(entry)]
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("no such entry in the database's log")


def test_the_log_holds_statements_with_their_parameters_in_japans_time(embedded) -> None:
    with psycopg.connect(embedded.web_url) as connection:
        connection.execute("SELECT count(*) FROM policyholder WHERE name = %s", ["記録 太郎"])
    (entry,) = entries(embedded, lambda entry: "記録 太郎" in entry.get("detail", ""))
    assert entry["message"].endswith("SELECT count(*) FROM policyholder WHERE name = $1")
    assert entry["detail"] == "Parameters: $1 = '記録 太郎'"
    assert (entry["user"], entry["dbname"]) == ("petinsurance_web", "petinsurance")
    assert entry["timestamp"].endswith(" JST")


def test_djangos_statements_carry_their_values_as_parameters(embedded, db) -> None:
    from petinsurance.policyholders.models import Policyholder

    assert not Policyholder.objects.filter(kana="ロクガ ハナコ").exists()
    (entry,) = entries(embedded, lambda entry: "ロクガ ハナコ" in entry.get("detail", ""))
    assert "$1" in entry["message"]
    assert "ロクガ" not in entry["message"]


def test_connections_are_logged(embedded) -> None:
    psycopg.connect(embedded.web_url, application_name="canary").close()
    assert entries(embedded, lambda entry: "connection authorized: user=petinsurance_web" in entry["message"])
    assert entries(embedded, lambda entry: entry["message"].startswith("disconnection:"))


def test_passwords_are_not_in_the_log(embedded) -> None:
    text = embedded.log_file.read_text(encoding="utf-8")
    assert "CREATE ROLE" not in text
    assert psycopg.conninfo.conninfo_to_dict(embedded.web_url)["password"] not in text


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id integer)",
        "DROP TABLE policy",
        "ALTER TABLE policy ADD COLUMN note text",
        "TRUNCATE policy",
        "UPDATE negotiation_entry SET body = ''",
        "DELETE FROM negotiation_entry",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('a', 'b', now())",
        "COPY policyholder TO '/tmp/out'",
        "SELECT pg_read_file('/etc/passwd')",
    ],
)
def test_the_applications_role_may_only_read_and_write_rows(embedded, statement: str) -> None:
    with psycopg.connect(embedded.web_url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


def test_a_wrong_password_is_refused_even_on_this_machine(embedded) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(embedded.web_url, password="wrong")


def test_starting_twice_changes_nothing_and_other_logging_is_refused(embedded) -> None:
    data_dir = embedded.log_file.parent.parent
    assert database.start(data_dir) == embedded
    with pytest.raises(PetinsuranceError, match="already running"):
        database.start(data_dir, log_format="csvlog")


def test_stopping_what_is_not_there_says_so(tmp_path) -> None:
    with pytest.raises(PetinsuranceError, match="there is no database here"):
        database.stop(tmp_path)


def test_the_database_sorts_and_compares_by_code_point_everywhere(embedded) -> None:
    with psycopg.connect(embedded.owner_url) as connection:
        row = connection.execute(
            "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    assert row == ("b", "C.UTF-8")


@pytest.mark.parametrize("address", ["0.0.0.0", "192.0.2.7", "::", "localhost", ""])
def test_it_listens_on_no_address_that_other_machines_reach(tmp_path, address: str) -> None:
    with pytest.raises(PetinsuranceError, match="own addresses only"):
        database.start(tmp_path / "never", listen=address)
    assert not (tmp_path / "never").exists()


def test_it_listens_on_a_loopback_address_when_told_to() -> None:
    with tempfile.TemporaryDirectory(prefix="petinsurance-test-") as folder:  # the server's user may not enter pytest's
        data_dir = Path(folder) / "data"
        Path(folder).chmod(0o755)
        started = database.start(data_dir, listen="127.0.0.1")
        try:
            host, _, port = str(started.listens_on).rpartition(":")
            with psycopg.connect(started.web_url, host=host, port=port) as connection:
                assert connection.execute("SELECT inet_client_addr()::text").fetchone() == ("127.0.0.1/32",)
            with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
                psycopg.connect(started.web_url, host=host, port=port, password="wrong")
            with psycopg.connect(started.web_url) as connection:
                assert connection.execute("SELECT inet_client_addr()").fetchone() == (None,)
            assert database.start(data_dir, listen="127.0.0.1") == started
            with pytest.raises(PetinsuranceError, match="listens elsewhere"):
                database.start(data_dir)
        finally:
            database.stop(data_dir)
