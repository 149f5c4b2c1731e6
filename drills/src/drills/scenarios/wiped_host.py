"""A host taken and its logs of some days wiped: passwords are tried first, the traces of what follows are deleted.

The intruder of `credentials`, who also gets hold of the account under which the web application runs, on the host where
all logs are gathered; how is not played. Out of the application's own environment comes the database's password, and
with it tables are copied straight out of the database, on two or three days whose lines are then deleted from every log
on that host. My Pages are read before and during these days. In some drills the intruder comes back to them afterwards,
in others never again. The account is neither root nor the database server's: the database's files and the backups stay
out of its reach.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import psutil
import psycopg

from drills.chance import chance_for
from drills.scenarios.credentials import STUFFING_ADDRESSES, Attempt, Credentials
from drills.scenarios.intrusion import Ground
from drills.scenarios.wiping import wipe
from drills.traffic.schedule import Steps
from drills.truth.bodies import Cell
from drills.truth.dumps import cells_in_dump
from drills.truth.forms import JAPAN
from drills.truth.holdings import Holdings

_CONTACT = ("name", "kana", "gender", "birth_date", "postal_code", "address", "phone", "email")
_COLUMNS = {
    "policyholder": _CONTACT,
    "quote": _CONTACT,
    "injured_third_party": (*_CONTACT, "injury", "amount_paid"),
    "bank_account": ("bank_code", "bank_name", "branch_code", "branch_name", "account_number", "holder_kana"),
}


@dataclass(frozen=True)
class Copy:
    """One copy out of the database: some columns beside the primary key, of a range of keys."""

    table: str
    columns: tuple[str, ...]
    first: int
    last: int

    @property
    def statement(self) -> bytes:
        columns = ", ".join(("id", *self.columns))
        rows = f"SELECT {columns} FROM {self.table} WHERE id BETWEEN {self.first} AND {self.last} ORDER BY id"  # noqa: S608
        return f"COPY ({rows}) TO STDOUT WITH (FORMAT csv, HEADER)".encode()


class WipedHost(Credentials):
    """The intruder of `SCENARIO=wiped-host`."""

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self._copies: list[Path] = []
        self._moments: list[datetime] = []

    def acts(self) -> list[tuple[datetime, Steps]]:
        """Stuffing as ever; the days that are wiped begin at the midnight after its first batch; perhaps a return."""
        acts = super().acts()
        chance = chance_for("wiped host", self._ground.seed)
        noon_after = min(at for at, _ in acts).astimezone(JAPAN) + timedelta(hours=12)
        first = noon_after.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        last = first + timedelta(days=chance.choice((2, 3)))
        for number, copy in enumerate(self._plan()):
            folder = self._bodies / "database" / f"{number + 1:02d}"
            acts.append((first + (last - first) * chance.uniform(0.05, 0.95), self._copy_out(copy, folder)))
        wiping = last + timedelta(hours=chance.uniform(2, 4))
        acts.append((wiping, self._wipe(first, last)))
        if not chance.choice((False, True)):
            return [(at, steps) for at, steps in acts if at <= wiping]
        for victim in chance.sample(self.victims, k=2):
            pair = Attempt(victim.login, victim.password, right=True)
            again = wiping + timedelta(hours=chance.uniform(3, 40))
            acts.append((again, self._read_by_hand(pair, STUFFING_ADDRESSES[0])))
        return acts

    def truth(self, holdings: Holdings) -> set[Cell]:
        """What the pages showed and what the copies hold."""
        return super().truth(holdings).union(*(cells_in_dump(copy, holdings) for copy in self._copies))

    def window(self) -> tuple[datetime, datetime]:
        first, last = super().window()
        return min(first, *self._moments), max(last, *self._moments)

    def _plan(self) -> list[Copy]:
        """Three tables, or all four; of each a part whose keys lie together."""
        chance = chance_for("copies", self._ground.seed)
        copies = []
        for table in chance.sample(sorted(_COLUMNS), k=chance.choice((3, 4))):
            columns = _COLUMNS[table]
            taken = set(chance.sample(columns, k=chance.randint(2, len(columns))))
            first = chance.randint(1, 20)
            names = tuple(column for column in columns if column in taken)
            copies.append(Copy(table, names, first, first + chance.randint(20, 200)))
        return copies

    def _copy_out(self, copy: Copy, folder: Path) -> Iterator[float]:
        """Connect as the application does and copy."""
        folder.mkdir(parents=True)
        file = folder / f"{copy.table}.csv"
        self._moments.append(self._ground.clock.now())
        with (
            psycopg.connect(self._stolen_address(), autocommit=True) as connection,
            connection.cursor().copy(copy.statement) as rows,
            file.open("wb") as sink,
        ):
            for block in rows:
                sink.write(block)
        self._copies.append(file)
        self._moments.append(self._ground.clock.now())
        yield 1.0

    def _stolen_address(self) -> str:
        """The database's address with its password, from the environment of the application's own process."""
        return psutil.Process(self._ground.web_processes()[0]).environ()["DATABASE_URL"]

    def _wipe(self, first: datetime, last: datetime) -> Iterator[float]:
        ground = self._ground
        self.wiped = wipe(ground.logs, first, last, ground.web_processes())
        self._moments.append(ground.clock.now())
        ground.resettle()
        yield 1.0
