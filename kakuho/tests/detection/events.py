"""Small event tables in the lake's schemas: what a web system's logs and its disclosure ledger would show.

``Events`` is written to by hand in a test; ``ordinary`` lives some days of ordinary traffic into it.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import duckdb
import pyarrow as pa

from kakuho.detection.run import detect
from kakuho.engine.schemas import TABLES
from kakuho.inventory import Inventory

START = datetime(2025, 3, 10)  # noqa: DTZ001 (the lake's times are UTC without saying so)
ROLES = {
    "http_activity": (1, "access_log"),
    "datastore_activity": (2, "database_log"),
    "disclosure": (3, "disclosure_ledger"),
}
BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36"
LOOKUP = (
    "SELECT p.policy_number, h.name FROM policy p JOIN policyholder h ON h.id = p.policyholder_id"
    " WHERE p.policy_number = '{no}'"
)

INVENTORY = Inventory.model_validate(
    {
        "system": "petinsurance",
        "categories": [
            {"id": "policyholder", "kind": "person", "label": {"ja": "既契約者", "en": "policyholders"}},
        ],
        "items": [{"id": "name", "data_category": "user.name", "label": {"ja": "氏名", "en": "name"}}],
        "collections": [
            {
                "name": "policyholder",
                "key": "id",
                "record_of": "policyholder",
                "fields": [{"name": "id"}, {"name": "name", "item": "name"}],
            },
            {
                "name": "policy",
                "key": "id",
                "subject": [{"field": "policyholder_id", "collection": "policyholder"}],
                "fields": [{"name": "id"}, {"name": "policyholder_id"}, {"name": "policy_number"}],
            },
            {"name": "account", "key": "id", "personal": False, "fields": [{"name": "id"}]},
        ],
        "access_paths": [
            {"id": "web.login", "kind": "route", "methods": ["GET", "POST"], "path": "^/login/$", "login": True},
            {
                "id": "web.mypage",
                "kind": "route",
                "path": "^/mypage/profile/$",
                "principal": "policyholder",
                "shows": [{"subject": "principal", "items": ["name"]}],
                "witnesses": ["disclosure_ledger"],
            },
            {
                "id": "web.staff.policyholder",
                "kind": "route",
                "path": r"^/staff/policyholders/(?P<key>\d+)/$",
                "principal": "staff",
                "shows": [{"subject": "policyholder:{key}", "items": ["name"]}],
                "witnesses": ["disclosure_ledger", "access_log"],
            },
            {
                "id": "web.legacy.lookup",
                "kind": "route",
                "path": "^/legacy/policy-status$",
                "parameters": ["no"],
                "sql": LOOKUP,
                "database_role": "web",
                "returns": "rows",
                "witnesses": ["database_log", "access_log"],
            },
            {
                "id": "database.web",
                "kind": "database_role",
                "role": "web",
                "collections": "*",
                "through": ["web.legacy.lookup"],
                "witnesses": ["database_log", "access_log"],
            },
            {
                "id": "database.direct",
                "kind": "database_role",
                "role": "*",
                "collections": "*",
                "witnesses": ["database_log"],
            },
            {"id": "backup", "kind": "backup", "collections": "*"},
        ],
    }
)


def at(days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
    """A moment after ``START``."""
    return START + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


@dataclass
class Events:
    """Rows of the event tables; lines are numbered as they are added."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {name: [] for name in TABLES})
    without: tuple[str, ...] = ()

    def request(
        self,
        time: datetime,
        address: str,
        path: str,
        query: str | None = None,
        *,
        status: int = 200,
        method: str = "GET",
        agent: str = BROWSER,
        duration_us: int = 20_000,
    ) -> None:
        self._add(
            "http_activity", time.replace(microsecond=0), duration_us=duration_us, src_ip=address, method=method,
            url_path=path, url_query=query, status=status, bytes_out=4000, user_agent=agent,
        )  # fmt: skip

    def statement(self, time: datetime, text: str, *, role: str = "web", parameters: list[str] | None = None) -> None:
        self._add(
            "datastore_activity", time, session_id="s", db_user=role, database="petinsurance", kind="statement",
            src_ip="[local]", statement=text, outcome="success",
            parameters=None if parameters is None else json.dumps(parameters, ensure_ascii=False),
        )  # fmt: skip

    def disclosure(
        self,
        time: datetime,
        address: str,
        session: str,
        account: int | None,
        subjects: list[int],
        *,
        kind: str = "policyholder",
        route: str = "/mypage/profile/",
    ) -> None:
        """One response that shows these policyholders' names to an account (a policyholder's has its own number)."""
        line = self._next("disclosure")
        for subject in subjects:
            self._add(
                "disclosure", time, line=line, segment="a", seq=line, actor_kind=kind, session=session, src_ip=address,
                actor_id=None if account is None else f"account:{account}", method="GET", route=route, status=200,
                actor_subject=f"policyholder:{account}" if kind == "policyholder" else None,
                subject=f"policyholder:{subject}", item="name", masked=False,
            )  # fmt: skip

    def login(self, time: datetime, address: str, account: int, *, succeeds: bool = True) -> None:
        """A login as Django does it: the look-up of the account and, at success, the update of its last login."""
        self.request(time, address, "/login/", method="POST", status=302 if succeeds else 200)
        self.statement(
            time,
            'SELECT "account"."id", "account"."login" FROM "account" '
            f'WHERE "account"."login" = \'u{account}@example.jp\'',
        )
        if succeeds:
            self.statement(
                time,
                f'UPDATE "account" SET "last_login" = \'{time.isoformat()}+00:00\'::timestamptz '
                f'WHERE "account"."id" = {account}',
            )

    def my_page(self, time: datetime, address: str, session: str, account: int) -> None:
        self.request(time, address, "/mypage/profile/")
        self.statement(
            time, f'SELECT "policyholder"."name" FROM "policyholder" WHERE "policyholder"."id" = {account} LIMIT 21'
        )
        self.disclosure(time, address, session, account, [account])

    def look_up(self, time: datetime, address: str, number: str, *, agent: str = BROWSER, status: int = 200) -> None:
        """The legacy page: the number is pasted into the SQL."""
        self.request(time, address, "/legacy/policy-status", "no=" + quote(number), agent=agent, status=status)
        self.statement(time, LOOKUP.replace("{no}", number))

    def cover(self, first: datetime, last: datetime, *roles: str) -> None:
        for source, role in ROLES.values():
            if not roles or role in roles:
                self.rows["coverage"].append({"source_id": source, "role": role, "start": first, "end": last})

    def silence(self, role: str, first: datetime, last: datetime) -> None:
        """A gap: told as such, and taken out of what the role's sources cover."""
        source = next(number for number, known in ROLES.values() if known == role)
        self.rows["gaps"].append({"source_id": source, "role": role, "start": first, "end": last, "reason": "silence"})
        rows = self.rows["coverage"]
        for row in [row for row in rows if row["role"] == role and row["start"] < last and first < row["end"]]:
            rows.remove(row)
            rows.extend(({**row, "end": first}, {**row, "start": last}))

    def remove(self, role: str) -> Events:
        """The same evidence without one kind of source."""
        table = next(name for name, (_, known) in ROLES.items() if known == role)
        kept = {name: list(rows) for name, rows in self.rows.items()}
        kept[table] = []
        for name in ("coverage", "gaps"):
            kept[name] = [row for row in kept[name] if row["role"] != role]
        return Events(kept)

    def connect(self, *, order: random.Random | None = None, repeat: bool = False) -> duckdb.DuckDBPyConnection:
        """A connection with all tables; the rows in any order, or each twice, where asked for."""
        connection = duckdb.connect(config={"threads": 2})
        for name, declared in TABLES.items():
            rows = self.rows[name] * (2 if repeat else 1)
            if order is not None:
                rows = order.sample(rows, len(rows))
            columns = {column: [row.get(column) for row in rows] for column in declared.schema.names}
            table = pa.table(columns, schema=declared.schema)
            connection.register("arriving", table)
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM arriving")
            connection.unregister("arriving")
        return connection

    def _add(self, table: str, time: datetime, *, line: int | None = None, **columns: Any) -> None:
        number = self._next(table) if line is None else line
        source = ROLES[table][0]
        self.rows[table].append(
            {"time": time, "source_id": source, "line": number, "byte_offset": number * 100, **columns}
        )

    def _next(self, table: str) -> int:
        return max((row["line"] for row in self.rows[table][-1:]), default=0) + 1


def found_by(events: Events, *, inventory: Inventory = INVENTORY) -> list[tuple[str, str, str, str]]:
    """(rule, indicator type, indicator value, severity) of every finding."""
    findings = detect(events.connect(), inventory).findings.to_pylist()
    return [(one["rule"], one["indicator_type"], one["indicator_value"], one["severity"]) for one in findings]


SEARCHES = [
    "佐藤 花子",
    "ﾀﾅｶ ﾀﾛｳ",
    "O'Brien",
    "D'Angelo and Sons",
    "東京都港区1-2-3",
    "090-1234-5678",
    "AND OR NOT",
    "犬 or 猫",
    "union station",
    "select犬種",
    "山田 'ポチ' 様",
    "請求番号#12",
    "50%OFF",
    "a+b=c",
    "1=1の件",
    "『診断書』--至急",
    "C:\\写真\\",
    "drop off",
]
NOTES = ["前脚を骨折--至急", "O'Brien様; 折り返し", "union/*未定*/", "' OR 1=1 と入力されたとの連絡"]


def ordinary(events: Events, dice: random.Random, *, days: int = 4, policyholders: int = 60, staff: int = 8) -> None:
    """Some days of what the system is there for. Everybody mistypes now and then; names hold quotes."""
    for day in range(days):
        for person in range(policyholders):
            if dice.random() < 0.4:
                moment = at(day, dice.uniform(0, 14), dice.uniform(0, 59))
                address = f"198.51.100.{person % 40}"
                for _ in range(dice.choice([0, 0, 0, 0, 1, 2])):
                    events.login(moment, address, person, succeeds=False)
                    moment += timedelta(seconds=20)
                events.login(moment, address, person)
                events.my_page(moment + timedelta(seconds=5), address, f"p{person}-{day}", person)
                number = f"P{dice.randrange(10**8):08d}"
                events.look_up(moment + timedelta(seconds=60), address, number)
        for worker in range(staff):
            account, session = 9000 + worker, f"w{worker}-{day}"
            for _ in range(dice.randint(20, 80)):
                moment = at(day, dice.uniform(0, 9), dice.uniform(0, 59))
                key = dice.randrange(10_000)
                events.request(moment, "192.0.2.10", f"/staff/policyholders/{key}/")
                events.disclosure(
                    moment, "192.0.2.10", session, account, [key], kind="staff", route="/staff/policyholders/{key}/"
                )
                text = dice.choice(SEARCHES)
                events.request(moment, "192.0.2.10", "/staff/policyholders/", "q=" + quote(text))
                pasted = text.replace("'", "''")
                events.statement(
                    moment,
                    'SELECT COUNT(*) AS "__count" FROM "policyholder" WHERE ("policyholder"."name"::text LIKE '
                    f"'%{pasted}%' OR \"policyholder\".\"kana\"::text LIKE '%{pasted}%')",
                )
                note = dice.choice(NOTES).replace("'", "''")
                events.statement(
                    moment,
                    f'INSERT INTO "negotiation" ("id", "text") VALUES ({key}, \'{note}\') RETURNING "negotiation"."id"',
                )
