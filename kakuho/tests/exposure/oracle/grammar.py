"""Random SELECTs over the oracle's database: what an intruder writes by hand, with a tool, or through an ORM."""

from __future__ import annotations

import random
from dataclasses import dataclass

TABLES = {
    "holder": (["id"], ["name", "email"]),
    "policy": (["id", "holder_id"], ["number", "status"]),
    "visit": (["id", "policy_id"], ["note"]),
    "visit_old": (["id", "policy_id"], ["note"]),
    "clinic": (["id"], ["title"]),
    "branch": (["id"], ["title", "town"]),
    "contract": (["id"], ["name", "number", "status"]),
    "masked": (["id"], ["email", "initial"]),
    "latest": (["id", "policies"], ["number"]),
    "everyone": (["id"], ["name"]),
}
"""relation → its numbers, its texts."""
LINKS = {("policy", "holder"): "holder_id", ("visit", "policy"): "policy_id", ("visit_old", "policy"): "policy_id"}
LETTERS = "'abegkmnoqsz'"


@dataclass(frozen=True)
class Offer:
    """A relation in FROM: what can be said of it."""

    alias: str
    relation: str
    numbers: list[str]
    texts: list[str]


class Grammar:
    """One statement a call of :meth:`statement`; the same seed gives the same statements."""

    tables = TABLES
    joins = ("JOIN", "JOIN", "LEFT JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN")
    sides = True
    """Whether a derived table may refer to those before it."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self._names = 0

    def statement(self) -> str:
        """A statement whose order of rows does not matter, that can fail in PostgreSQL."""
        kind = self.chance.random()
        if kind < 0.10:
            return self._with()
        if kind < 0.22:
            return self._set_operation()
        if kind < 0.27:
            return f"COPY ({self._query(2)[0]}) TO STDOUT"
        if kind < 0.29:
            return f"COPY {self._pick(['holder', 'policy', 'clinic'])} TO STDOUT"
        return self._query(2)[0]

    def _pick(self, choices: list[str]) -> str:
        return self.chance.choice(choices)

    def _is(self, probability: float) -> bool:
        return self.chance.random() < probability

    def _alias(self) -> str:
        self._names += 1
        return f"x{self._names}"

    def _query(self, depth: int, outer: list[Offer] | None = None) -> tuple[str, list[str], list[str]]:
        """Its text, its columns of numbers, its columns of texts."""
        source, offers = self._from(depth)
        where = self._where(offers, depth, outer or [])
        kind = self.chance.random()
        if kind < 0.12:
            return self._grouped(source, offers, where)
        if kind < 0.2:
            return self._aggregated(source, offers, where)
        star = self._is(0.12)
        if star:
            of = self.chance.choice(offers)
            numbers, texts, listed = list(of.numbers), list(of.texts), f"{of.alias}.*"
        else:
            numbers, texts = [], []
            parts = []
            if self._is(0.5):
                of = self.chance.choice(offers)
                parts.append(f"{of.alias}.{self._pick(of.numbers)} AS n0")
                numbers.append("n0")
            for place in range(self.chance.randint(1, 3)):
                parts.append(f"{self._value(offers, depth)} AS t{place}")
                texts.append(f"t{place}")
            listed = ", ".join(parts)
        distinct = "DISTINCT " if self._is(0.12) else ""
        tail = ""
        if not distinct and self._is(0.25):
            keys = ", ".join(f"{o.alias}.{o.numbers[0]}" for o in offers)
            limit = self._pick(["LIMIT 1", "LIMIT 2", "LIMIT 2 OFFSET 1", "OFFSET 1", "FETCH FIRST 2 ROWS ONLY"])
            tail = f" ORDER BY {keys} {limit}"
        return f"SELECT {distinct}{listed} FROM {source}{where}{tail}", numbers, texts

    def _from(self, depth: int) -> tuple[str, list[Offer]]:
        text, first = self._relation(depth)
        offers = [first]
        for _ in range(self.chance.choice([0, 0, 0, 1, 1, 2])):
            more, offer = self._relation(depth)
            kind = self._pick([*self.joins])
            if kind == "CROSS JOIN" and self.sides and self._is(0.5):
                more, offer = self._lateral(offers)
            if kind == "CROSS JOIN":
                text += f" CROSS JOIN {more}"
            elif (
                self._is(0.08) and "id" in offer.numbers and all("id" in o.numbers for o in offers) and len(offers) == 1
            ):
                text += f" {kind} {more} USING (id)"
            else:
                text += f" {kind} {more} ON {self._link(self.chance.choice(offers), offer, kind)}"
            offers.append(offer)
        return text, offers

    def _relation(self, depth: int) -> tuple[str, Offer]:
        alias = self._alias()
        if depth > 0 and self._is(0.2):
            text, numbers, texts = self._query(depth - 1)
            if numbers:
                return f"({text}) AS {alias}", Offer(alias, "", numbers, texts)
        name = self._pick([*self.tables, "holder", "holder", "policy", "policy"])
        return f"{name} {alias}", Offer(alias, name, *self.tables[name])

    def _lateral(self, offers: list[Offer]) -> tuple[str, Offer]:
        alias, inner, of = self._alias(), self._alias(), self.chance.choice(offers)
        limit = self._pick(["", f" ORDER BY {inner}.id LIMIT 1"])
        link = f"{inner}.holder_id = {of.alias}.{of.numbers[0]}"
        text = f"SELECT {inner}.id AS n0, {inner}.number AS t0 FROM policy {inner} WHERE {link}"
        return f"LATERAL ({text}{limit}) AS {alias}", Offer(alias, "", ["n0"], ["t0"])

    def _link(self, one: Offer, other: Offer, kind: str) -> str:
        for left, right in ((one, other), (other, one)):
            column = LINKS.get((left.relation, right.relation))
            if column is not None:
                steady = f"{left.alias}.{column} = {right.alias}.id"
                return (
                    f"{steady} AND {self._condition([one, other], 0)}"
                    if kind != "FULL JOIN" and self._is(0.2)
                    else steady
                )
        if kind == "FULL JOIN" or self._is(0.7):
            return f"{one.alias}.{one.numbers[0]} = {other.alias}.{other.numbers[0]}"
        return f"{one.alias}.{self._pick(one.texts)} < {other.alias}.{self._pick(other.texts)}"

    def _text(self, offers: list[Offer]) -> str:
        of = self.chance.choice(offers)
        return f"{of.alias}.{self._pick(of.texts)}"

    def _value(self, offers: list[Offer], depth: int) -> str:
        text = self._text(offers)
        of = self.chance.choice(offers)
        choices = [
            text, text, text, text,
            f"lower({text})",
            f"substring({text} from 1 for 2)",
            f"COALESCE({text}::text, ' ')",
            f"'<' || {text} || '>'",
            f"concat_ws(',', {text}, {self._text(offers)})",
            f"md5({text})",
            f"length({text})::text",
            f"CASE WHEN {text} > 'm' THEN 'y' ELSE 'n' END",
            f"NULLIF({text}, 'q')",
            f"{text}::varchar(3)",
            f"row_to_json({of.alias})::text",
            f"{of.alias}::text",
            f"upper(reverse({text}))",
            f"(row_number() OVER (ORDER BY {text}, {of.alias}.{of.numbers[0]}))::text",
            f"max({text}) OVER ()",
            f"left({text}, 3) || right({text}, 3)",
        ]  # fmt: skip
        if depth > 0 and self._is(0.2):
            return self._scalar(offers)
        return self._pick(choices)

    def _scalar(self, offers: list[Offer]) -> str:
        of, inner = self.chance.choice(offers), self._alias()
        number = f"{of.alias}.{of.numbers[0]}"
        link = f"{inner}.id = {number}"
        return self._pick([
            f"(SELECT {inner}.name FROM holder {inner} WHERE {link})",
            f"(SELECT max({inner}.number) FROM policy {inner} WHERE {inner}.holder_id = {number})",
            f"(SELECT {inner}.email FROM holder {inner} ORDER BY {inner}.id LIMIT 1 OFFSET 2)",
            f"(SELECT string_agg({inner}.status, ',' ORDER BY {inner}.id)"
            f" FROM policy {inner} WHERE {inner}.id > {number})",
            f"(SELECT count(*)::text FROM holder {inner} WHERE {inner}.email > {self._text(offers)})",
            f"ARRAY(SELECT {inner}.name FROM holder {inner} WHERE {link})::text",
            f"(SELECT {inner}.number FROM latest {inner} WHERE {link})",
        ])  # fmt: skip

    def _where(self, offers: list[Offer], depth: int, outer: list[Offer]) -> str:
        parts = [self._condition([*offers, *outer], depth) for _ in range(self.chance.choice([0, 1, 1, 2]))]
        return f" WHERE {self._pick([' AND ', ' AND ', ' OR ']).join(parts)}" if parts else ""

    def _condition(self, offers: list[Offer], depth: int) -> str:
        of, text, number = self.chance.choice(offers), self._text(offers), self.chance.randint(0, 4)
        choices = [
            f"{of.alias}.{self._pick(of.numbers)} = {number}",
            f"{of.alias}.{self._pick(of.numbers)} > {number}",
            f"{of.alias}.{self._pick(of.numbers)} IN ({number}, 3)",
            f"{text} > '{self._pick(list('agkmqs'))}'",
            f"{text} LIKE '{self._pick(list('kqPol'))}%'",
            f"{text} NOT LIKE '%{self._pick(list('aeo'))}%'",
            f"{text} = '{self._pick(['PL-1~p', 'kato~n1', 'q1@e1', 'open~s1'])}'",
            f"{text} <> 'kato~n1'",
            f"{text} IS NOT NULL",
            f"{text} BETWEEN 'c' AND 'n'",
            f"ascii(substring({text}, 1, 1)) > 109",
            f"NOT ({text} < 'm')",
            f"length({text}) = {5 + number}",
        ]
        if depth > 0 and self._is(0.3):
            inner = self._alias()
            number_of = f"{of.alias}.{of.numbers[0]}"
            first = f"(SELECT {inner}.name FROM holder {inner} ORDER BY {inner}.id OFFSET {number} LIMIT 1)"
            return self._pick([
                f"EXISTS (SELECT 1 FROM holder {inner} WHERE {inner}.id = {number_of} AND {inner}.email > 'k')",
                f"EXISTS (SELECT 1 FROM policy {inner} WHERE {inner}.status < {text})",
                f"{number_of} IN (SELECT {inner}.holder_id FROM policy {inner} WHERE {inner}.number > 'PL-2')",
                f"{number_of} NOT IN (SELECT {inner}.id FROM masked {inner} WHERE {inner}.email > 'k')",
                f"{text} > ALL (SELECT {inner}.title FROM clinic {inner})",
                f"{text} >= (SELECT min({inner}.email) FROM holder {inner})",
                f"ascii(substring({first} from 1 for 1)) > 109",
                f"(SELECT count(*) FROM policy {inner} WHERE {inner}.holder_id = {number_of}"
                f" AND {inner}.status > 'm') > 0",
            ])  # fmt: skip
        return self._pick(choices)

    def _grouped(self, source: str, offers: list[Offer], where: str) -> tuple[str, list[str], list[str]]:
        of = self.chance.choice(offers)
        number, text = f"{of.alias}.{self._pick(of.numbers)}", self._text(offers)
        having = self._pick(["", "", " HAVING count(*) > 1", f" HAVING max({text}) > 'k'"])
        total = self._pick([f"max({text})", f"string_agg({text}, ',' ORDER BY {text})", "count(*)::text",
                            f"count(DISTINCT {text})::text", f"min(lower({text}))"])  # fmt: skip
        return f"SELECT {number} AS n0, {total} AS t0 FROM {source}{where} GROUP BY {number}{having}", ["n0"], ["t0"]

    def _aggregated(self, source: str, offers: list[Offer], where: str) -> tuple[str, list[str], list[str]]:
        text = self._text(offers)
        total = self._pick([f"max({text})", f"min({text})", f"string_agg({text}, ',' ORDER BY {text})",
                            f"array_agg({text} ORDER BY {text})::text", f"json_agg({text} ORDER BY {text})::text",
                            f"count({text})::text", f"sum(length({text}))::text",
                            f"string_agg({text}, ',' ORDER BY {text}) FILTER (WHERE {text} > 'k')"])  # fmt: skip
        return f"SELECT count(*) AS n0, {total} AS t0 FROM {source}{where}", ["n0"], ["t0"]

    def _set_operation(self) -> str:
        operator = self._pick(["UNION ALL", "UNION", "INTERSECT", "EXCEPT", "EXCEPT ALL"])
        return f"{self._one_text()} {operator} {self._one_text()}"

    def _one_text(self) -> str:
        source, offers = self._from(1)
        return f"SELECT {self._value(offers, 1)} FROM {source}{self._where(offers, 1, [])}"

    def _with(self) -> str:
        text, numbers, texts = self._query(1)
        if not numbers:
            return text
        offer = Offer("w", "", numbers, texts)
        again = f" JOIN w AS w2 ON w2.{numbers[0]} = w.{numbers[0]}" if self._is(0.2) else ""
        return f"WITH w AS ({text}) SELECT {self._value([offer], 1)} FROM w{again}{self._where([offer], 1, [])}"
