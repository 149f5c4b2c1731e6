"""Random MySQL statements over the oracle's database, in the ways of spelling that clients, people and tools have."""

from __future__ import annotations

import re

from ..grammar import TABLES, Grammar, Offer


class MysqlGrammar(Grammar):
    """One statement a call of :meth:`statement`; the same seed gives the same statements."""

    tables = {
        **{name: TABLES[name] for name in ("holder", "policy", "contract", "masked", "latest")},
        "visit": (["id", "policy_id"], ["note"]),
        "clinic": (["id"], ["title"]),
    }
    joins = ("JOIN", "INNER JOIN", "LEFT JOIN", "LEFT OUTER JOIN", "RIGHT JOIN", "STRAIGHT_JOIN", "CROSS JOIN")
    sides = False

    def statement(self) -> str:
        """A statement whose order of rows does not matter, that can fail in MariaDB."""
        kind = self.chance.random()
        if kind < 0.08:
            text = self._with()
        elif kind < 0.2:
            text = self._set_operation()
        else:
            text = self._query(2)[0]
        return self._spelt(text)

    def _spelt(self, text: str) -> str:
        """The same statement as somebody else writes it."""
        choices = [
            (0.15, lambda t: re.sub(r"\b(holder|policy|visit|clinic)\b(?= x)", r"`\1`", t)),
            (0.10, lambda t: t.replace("SELECT ", "select /* all of it */ ", 1)),
            (0.10, lambda t: t.replace("SELECT ", "SELECT SQL_NO_CACHE ", 1) if t.startswith("SELECT") else t),
            (0.08, lambda t: t + " -- and more ' \""),
            (0.08, lambda t: t + "# ` the rest"),
            (0.10, lambda t: t.replace(" WHERE ", " /*!50000WHERE*/ ", 1)),
            (0.06, lambda t: t.replace(" WHERE ", " WHERE 1 /*!99999 AND 0 */ AND ", 1)),
            (0.06, lambda t: re.sub(r"\bname\b", "NAME", t)),
            (0.06, lambda t: t.replace(" OR ", " || ", 1)),
            (0.06, lambda t: t.replace(" AND ", " && ", 1)),
            (0.06, lambda t: t.replace("'m'", '"m"').replace("'kato~n1'", '"kato~n1"')),
            (0.06, lambda t: t.replace(" FROM holder x", " FROM shop.holder x")),
        ]
        for probability, change in choices:
            if self._is(probability):
                text = change(text)
        return text

    def _query(self, depth: int, outer: list[Offer] | None = None) -> tuple[str, list[str], list[str]]:
        text, numbers, texts = super()._query(depth, outer)
        text = text.replace(" FETCH FIRST 2 ROWS ONLY", " LIMIT 0, 2")
        return re.sub(r"(?<!LIMIT 2)(?<!LIMIT 1) OFFSET 1\b", " LIMIT 1, 100", text), numbers, texts

    def _value(self, offers: list[Offer], depth: int) -> str:
        text, of = self._text(offers), self.chance.choice(offers)
        number = f"{of.alias}.{of.numbers[0]}"
        choices = [
            text, text, text, text, text,
            f"LOWER({text})",
            f"MID({text}, 1, 2)",
            f"SUBSTRING({text} FROM 1 FOR 2)",
            f"IFNULL(CAST({text} AS NCHAR), 0x20)",
            f"CONCAT('<', {text}, '>')",
            f"CONCAT(0x717a, IFNULL(CAST({text} AS CHAR), 0x20), 0x71)",
            f"CONCAT({text}, ':', {self._text(offers)})",
            f"CONCAT_WS(',', {text}, {self._text(offers)})",
            f"MD5({text})",
            f"HEX({text})",
            f"UNHEX(HEX({text}))",
            f"ORD(MID({text}, 2, 1))",
            f"CHAR_LENGTH({text})",
            f"IF({text} > 'm', 'y', 'n')",
            f"CASE WHEN {text} > 'm' THEN 'y' ELSE 'n' END",
            f"NULLIF({text}, 'q')",
            f"CAST({text} AS CHAR(3))",
            f"UPPER(REVERSE({text}))",
            f"ROW_NUMBER() OVER (ORDER BY {text}, {number})",
            f"MAX({text}) OVER ()",
            f"{text} || '1'",
            f"{text} + 0",
            f"{text} <=> 'kato~n1'",
            f"@seen := {text}",
            f"FIELD({text}, 'kato~n1', 'abe~n3')",
            f"SUBSTRING_INDEX({text}, '~', 1)",
            f"LEFT({text}, 3)",
            f"{text} COLLATE utf8mb4_bin",
            f"BINARY {text}",
            f"{text} LIKE 'k%'",
        ]  # fmt: skip
        return self._scalar(offers) if depth > 0 and self._is(0.2) else self._pick(choices)

    def _scalar(self, offers: list[Offer]) -> str:
        of, inner = self.chance.choice(offers), self._alias()
        number = f"{of.alias}.{of.numbers[0]}"
        return self._pick([
            f"(SELECT {inner}.name FROM holder {inner} WHERE {inner}.id = {number})",
            f"(SELECT MAX({inner}.number) FROM policy {inner} WHERE {inner}.holder_id = {number})",
            f"(SELECT {inner}.email FROM holder {inner} ORDER BY {inner}.id LIMIT 2, 1)",
            f"(SELECT GROUP_CONCAT({inner}.status ORDER BY {inner}.id)"
            f" FROM policy {inner} WHERE {inner}.id > {number})",
            f"(SELECT COUNT(*) FROM holder {inner} WHERE {inner}.email > {self._text(offers)})",
            f"(SELECT {inner}.number FROM latest {inner} WHERE {inner}.id = {number})",
            f"EXISTS (SELECT 1 FROM policy {inner} WHERE {inner}.holder_id = {number} AND {inner}.status > 'm')",
        ])  # fmt: skip

    def _condition(self, offers: list[Offer], depth: int) -> str:
        of, text, number = self.chance.choice(offers), self._text(offers), self.chance.randint(0, 4)
        field = f"{of.alias}.{self._pick(of.numbers)}"
        if depth > 0 and self._is(0.25):
            return self._nested(of, text)
        return self._pick([
            f"{field} = {number}", f"{field} = '{number}'", f"{field} = '{number}a'", f"{field} > {number}",
            f"{field} IN ({number}, 3)", f"{field} IN ('{number}', '2a')", f"{field} = 0x3{number}",
            f"{text} > '{self._pick(list('agkmqs'))}'",
            f"{text} LIKE '{self._pick(list('kqPolK'))}%'",
            f"{text} NOT LIKE '%{self._pick(list('aeo'))}%'",
            f"{text} = '{self._pick(['pl-1~P', 'KATO~N1', 'q1@e1', 'OPEN~s1', 'open~s1', 'k2@e2'])}'",
            f"{text} <> 'kato~n1'", f"{text} != 'abe~n3 '", f"{text} <=> 'abe~n3'", f"NOT {text} <=> NULL",
            f"{text} IS NOT NULL", f"{text} BETWEEN 'c' AND 'n'", f"{text} NOT BETWEEN 'c' AND 'n'",
            f"ORD(MID({text}, 1, 1)) > 109", f"NOT ({text} < 'm')", f"LENGTH({text}) = {5 + number}",
            f"{text} = {number}", f"{text} > 0", f"{text} REGEXP '^[a-m]'", f"{text} RLIKE 'o'",
            f"{text} = 'kato' '~n1'", f"{text} = BINARY 'kato~n1'", f"{text} = 'kato~n1' COLLATE utf8mb4_bin",
            f"{text} LIKE 'kato|~%' ESCAPE '|'", f"{text} = 'it\\'s'", f"{text} LIKE 'a\\_%'",
            f"HEX({text}) > '6B'", f"MID({text}, 1, 1) IN ('a', 'K')", f"IF({text} > 'm', 1, 0)",
            f"FIND_IN_SET('abe~n3', {text})", f"STRCMP({text}, 'm') < 0", f"({field}, {text}) = (1, 'kato~n1')",
            f"{text} XOR {field}", f"! {field}", f"{field} DIV 2 = 1", f"{field} % 2 = 1", f"{field} & 1", "1",
            "RAND() < 0",
            f"{field} = {number} + 1", f"CAST({text} AS UNSIGNED) > 5", f"{text} SOUNDS LIKE 'kato'", f"{field} = 5--1",
        ])  # fmt: skip

    def _nested(self, of: Offer, text: str) -> str:
        inner, number_of = self._alias(), f"{of.alias}.{of.numbers[0]}"
        first = f"(SELECT {inner}.name FROM holder {inner} ORDER BY {inner}.id LIMIT 1, 1)"
        return self._pick([
            f"EXISTS (SELECT 1 FROM holder {inner} WHERE {inner}.id = {number_of} AND {inner}.email > 'k')",
            f"EXISTS (SELECT * FROM policy {inner} WHERE {inner}.status < {text})",
            f"{number_of} IN (SELECT {inner}.holder_id FROM policy {inner} WHERE {inner}.number > 'PL-2')",
            f"{number_of} NOT IN (SELECT {inner}.id FROM masked {inner} WHERE {inner}.email > 'k')",
            f"{text} > ALL (SELECT {inner}.title FROM clinic {inner})",
            f"{text} = ANY (SELECT {inner}.title FROM clinic {inner})",
            f"{text} >= (SELECT MIN({inner}.email) FROM holder {inner})",
            f"ORD(MID({first}, 1, 1)) > 109",
            f"(SELECT COUNT(*) FROM policy {inner} WHERE {inner}.holder_id = {number_of}"
            f" AND {inner}.status > 'm') > 0",
        ])  # fmt: skip

    def _grouped(self, source: str, offers: list[Offer], where: str) -> tuple[str, list[str], list[str]]:
        of = self.chance.choice(offers)
        number, text = f"{of.alias}.{self._pick(of.numbers)}", self._text(offers)
        having = self._pick(["", "", " HAVING COUNT(*) > 1", f" HAVING MAX({text}) > 'k'", " HAVING t0 > 'k'"])
        total = self._pick([f"MAX({text})", f"GROUP_CONCAT({text} ORDER BY {text})", "COUNT(*)", text,
                            f"COUNT(DISTINCT {text})", f"MIN(LOWER({text}))"])  # fmt: skip
        rollup = self._pick(["", "", "", " WITH ROLLUP"])
        return (
            f"SELECT {number} AS n0, {total} AS t0 FROM {source}{where} GROUP BY {number}{rollup}{having}",
            ["n0"],
            ["t0"],
        )

    def _aggregated(self, source: str, offers: list[Offer], where: str) -> tuple[str, list[str], list[str]]:
        text = self._text(offers)
        total = self._pick([f"MAX({text})", f"MIN({text})", f"GROUP_CONCAT({text} ORDER BY {text} SEPARATOR '+')",
                            f"GROUP_CONCAT(DISTINCT {text} ORDER BY {text})", f"COUNT({text})",
                            f"JSON_ARRAYAGG({text} ORDER BY {text})", f"SUM(LENGTH({text}))",
                            f"BIT_XOR({text})"])  # fmt: skip
        return f"SELECT COUNT(*) AS n0, {total} AS t0 FROM {source}{where}", ["n0"], ["t0"]

    def _set_operation(self) -> str:
        operator = self._pick(["UNION ALL", "UNION", "UNION DISTINCT", "INTERSECT", "EXCEPT"])
        return f"{self._one_text()} {operator} {self._one_text()}"
