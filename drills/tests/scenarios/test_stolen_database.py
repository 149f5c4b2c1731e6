"""What the intruder of `stolen-database-credentials` runs, and from where to where."""

import pytest
import yaml

from drills.handover import _merged
from drills.loopback import NotLoopbackError
from drills.run import INVENTORY
from drills.scenarios.catalogue import SCENARIOS
from drills.scenarios.stolen_database import _environment, copied, dumped, selected

SCENARIO = SCENARIOS["stolen-database-credentials"]


def test_every_file_names_its_rows_by_the_primary_key() -> None:
    assert selected("quote", ("name",), "id = 3").arguments[-1] == "SELECT id, name FROM quote WHERE id = 3"
    assert copied("quote", ("name",), "id < 9").arguments[-1] == (
        "COPY (SELECT id, name FROM quote WHERE id < 9 ORDER BY id) TO STDOUT WITH (FORMAT csv, HEADER)"
    )


def test_a_dump_leaves_the_sequence_out_that_the_role_may_not_read() -> None:
    assert dumped("clinic").arguments == ("--data-only", "--table", "clinic", "--exclude-table-data", "clinic_id_seq")


@pytest.mark.parametrize("database", [None, "host=db.example port=5432", "host=/tmp port=5432", "port=5432"])
def test_the_programs_are_not_started_toward_another_machine(database: str | None) -> None:
    with pytest.raises(NotLoopbackError):
        _environment(database)


def test_the_stolen_password_stands_in_the_environment_not_in_the_arguments() -> None:
    given = _environment("host=127.0.0.1 port=5 user=petinsurance_web password=secret dbname=petinsurance")
    assert (given["PGHOST"], given["PGPORT"], given["PGPASSWORD"]) == ("127.0.0.1", "5", "secret")


def test_the_inventory_says_once_where_the_application_connects_from() -> None:
    paths = yaml.safe_load(_merged(INVENTORY, SCENARIO.overlay))["access_paths"]
    assert [path.get("application_from") for path in paths if path["id"] == "database.direct"] == [["local"]]
