"""What the intruder of `wiped-host` asks the database for, and what the responder is told of it."""

import tomllib

from drills.scenarios.catalogue import SCENARIOS
from drills.scenarios.wiped_host import Copy


def test_a_copy_names_every_row_by_its_key() -> None:
    copy = Copy("bank_account", ("account_number", "holder_kana"), 3, 40)
    assert copy.statement == (
        b"COPY (SELECT id, account_number, holder_kana FROM bank_account WHERE id BETWEEN 3 AND 40 ORDER BY id)"
        b" TO STDOUT WITH (FORMAT csv, HEADER)"
    )


def test_of_a_taken_host_the_responder_knows_that_the_database_was_open() -> None:
    states = {
        name: {path["id"]: path["state"] for path in tomllib.loads(scenario.responder.read_text("utf-8"))["path"]}
        for name, scenario in SCENARIOS.items()
    }
    untouched = {"backup": "closed", "host": "closed", "database.direct": "closed"}
    other = {
        "wiped-host": untouched | {"database.direct": "open"},
        "stolen-database-credentials": untouched | {"database.direct": "used"},
        "stolen-backup": untouched | {"backup": "used"},
    }
    assert states == dict.fromkeys(SCENARIOS, untouched) | other
