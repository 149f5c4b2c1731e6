"""Which database system a payload was written for, told by words that only one of them knows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

MYSQL, POSTGRESQL, SQLITE, SQL_SERVER, ORACLE = "MySQL", "PostgreSQL", "SQLite", "Microsoft SQL Server", "Oracle"
SYSTEMS = (MYSQL, POSTGRESQL, SQLITE, SQL_SERVER, ORACLE)
ALIASES = {
    "mysql": MYSQL, "mariadb": MYSQL, "postgresql": POSTGRESQL, "postgres": POSTGRESQL, "pgsql": POSTGRESQL,
    "sqlite": SQLITE,
    "mssql": SQL_SERVER, "sqlserver": SQL_SERVER, "microsoft sql server": SQL_SERVER, "oracle": ORACLE,
}  # fmt: skip

_MARKS: tuple[tuple[str, int, str], ...] = (
    (MYSQL, 3, r"\bORD\s*\(|\bIFNULL\s*\(\s*CAST|\bAS N?CHAR\b|\bAS CHAR CHARACTER SET|\bSLEEP\s*\(|"
               r"\bBENCHMARK\s*\(|\bEXTRACTVALUE\s*\(|"
               r"\bUPDATEXML\s*\(|\bRLIKE\b|mysql\.|performance_schema|\bELT\s*\(|@@(?:version|datadir|"
               r"hostname)|\bGROUP_CONCAT\s*\(.*SEPARATOR|"
               r"\bCONV\s*\(|\bIF\s*\(|/\*!|\bREGEXP BINARY\b|\bFIND_IN_SET\s*\(|\bMAKE_SET\s*\(|\bRAND\s*\(0\)"),
    (MYSQL, 1, r"\bMID\s*\(|\bIFNULL\s*\(|\bDATABASE\s*\(\)|\bCONCAT\s*\(|\b0x[0-9a-f]{2}|\bREGEXP\b|\bBINARY\b|"
               r"\bVERSION\s*\(\)|\bUSER\s*\(\)"),
    (POSTGRESQL, 3, r"::|\bPG_SLEEP\b|\bpg_(?:class|tables|namespace|attribute|user|shadow|catalog|database|"
                    r"type)\b|\bGENERATE_SERIES\b|\bSTRING_AGG\s*\(|"
                    r"\bFROM \d+ FOR \d+|\bCURRENT_SCHEMA\s*\(|\bCONVERT_TO\s*\(|\bILIKE\b|\bCURRENT_DATABASE\s*\("),
    (POSTGRESQL, 1, r"\bOFFSET \d+ LIMIT\b|\bCHR\s*\(|\|\||\bCOALESCE\s*\("),
    (SQLITE, 3, r"\bsqlite_(?:master|version|schema|temp_master)\b|\bRANDOMBLOB\s*\(|\bGLOB\b|"
                r"\bAS TEXT\)\s*,\s*' '|\bZEROBLOB\s*\(|\bgroup_concat\s*\([^)]*\)\s*FROM sqlite|\bX'[0-9a-f]"),
    (SQLITE, 1, r"\bCOALESCE\s*\(|\|\||\bLIMIT \d+,\s*\d+|\bUNICODE\s*\(|\bSUBSTR\s*\(|\bROWID\b|\btypeof\s*\("),
    (SQLITE, -6, r"\bASCII\s*\(|\bORD\s*\(|\bSUBSTRING\s*\([^)]*\bFROM\b|\bCHR\s*\(|\bREGEXP\b|\bMID\s*\("),
    (SQL_SERVER, 3, r"\bWAITFOR DELAY\b|\bNVARCHAR\b|\bSELECT TOP \d|\bsysobjects\b|\bsyscolumns\b|\bsysusers\b|"
                    r"\bmaster\.\.|\bDB_NAME\s*\(|@@(?:SERVERNAME|VERSION)|"
                    r"\bfn_varbintohexstr\b|\bIS_SRVROLEMEMBER\b|\bSUSER_S?NAME\b|\bCHARINDEX\s*\("),
    (SQL_SERVER, 1, r"\bLEN\s*\(|\bUNICODE\s*\(|\bISNULL\s*\(|\bCHAR\s*\(\d+\)\+|\bSUBSTRING\s*\(|\bdbo\."),
    (ORACLE, 3, r"\bFROM DUAL\b|\bROWNUM\b|\bDBMS_PIPE\b|\bALL_TABLES\b|\bALL_USERS\b|\bSUBSTRC\s*\(|\bSYS\.|"
                r"\bNVL\s*\(|\bUTL_INADDR\b|\bRAWTOHEX\b|\bALL_TAB_COLUMNS\b|"
                r"\bVARCHAR2?\(4000\)|\bv\$version\b|\bUSER_TABLES\b|\bXMLTYPE\s*\(|\bCTXSYS\b"),
)  # fmt: skip
_STRONG = 3
_COMPILED = [(system, weight, re.compile(pattern, re.IGNORECASE)) for system, weight, pattern in _MARKS]


def system_of(texts: Iterable[str]) -> str | None:
    """The system that most of the texts speak to; None where nothing speaks for one alone.

    A strong mark (3) names a system; a weak one only breaks a tie, or names MySQL where no other system has any.
    """
    points: Counter[str] = Counter()
    strong: set[str] = set()
    for text in texts:
        for system, weight, pattern in _COMPILED:
            if pattern.search(text):
                points[system] += weight
                if weight >= _STRONG:
                    strong.add(system)
    named = [system for system in strong if points[system] > 0] or (
        [MYSQL] if {system for system, count in points.items() if count > 0} == {MYSQL} else []
    )
    best = sorted(named, key=lambda system: -points[system])
    if not best or (len(best) > 1 and points[best[0]] == points[best[1]]):
        return None
    return best[0]
