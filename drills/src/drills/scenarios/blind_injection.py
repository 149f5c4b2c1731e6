"""SQL injection by questions alone: sqlmap asks one character at a time, by yes or no, or by how long an answer takes.

Nothing that is taken stands in an answer. A few rows of several tables, since every character costs seven requests.
"""

from drills.chance import chance_for
from drills.scenarios.injection import CONTACT, Injection
from drills.scenarios.intrusion import Ground
from drills.scenarios.sqlmap import Target

_TABLES = ("policyholder", "quote", "injured_third_party")


class BlindInjection(Injection):
    """The intruder of `SCENARIO=injection-blind`."""

    technique = "B"
    rows = (2, 4)
    columns = (1, 3)
    tables = (2, 3)
    choice = CONTACT

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self._blind = chance_for(f"blind {self.technique}", ground.seed)

    def _targets(self) -> list[Target]:
        chance, counts = self._blind, self._ground.record_counts
        targets = []
        for table in chance.sample(_TABLES, k=chance.randint(*self.tables)):
            rows = min(chance.randint(*self.rows), counts[table])
            first = chance.randint(1, max(1, counts[table] - rows))
            taken = set(chance.sample(self.choice, k=chance.randint(*self.columns)))
            columns = ("id", *(column for column in self.choice if column in taken))
            targets.append(Target(table, columns, self.technique, first=first, last=first + rows - 1))
        return targets


class TimedInjection(BlindInjection):
    """The intruder of `SCENARIO=injection-time`: every true answer is a second's sleep in the database."""

    technique = "T"
    rows = (1, 1)
    columns = (1, 1)
    tables = (2, 2)
    choice = ("postal_code", "phone")  # every character of a name would take half a minute
