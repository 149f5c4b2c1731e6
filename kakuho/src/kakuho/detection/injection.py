"""The signs of SQL injection, as regular expressions for RE2 (no back references), applied whatever the letters' case.

Sources: the PostgreSQL, MySQL, SQL Server and Oracle manuals for functions and catalogues; the OWASP testing guide
(WSTG-INPV-05) for the techniques: union, boolean, error, time, stacked, out of band. The signs are our own.

Two lists, because the texts differ. A *request* (path and query, decoded twice) is mostly ordinary words, so a sign
must be something that nobody types into a search box. A *statement's skeleton* has lost its literals, so what is
left of an attacker's text stands among the application's own SQL, and the signs are what applications do not write.
"""

from __future__ import annotations

QUOTE = r"""['"`)]"""
LITERAL = r"""(?:\d+|'[^']{0,40}'|"[^"]{0,40}")"""
COMPARISON = r"(?:=|<=|>=|<>|!=|<|>|\blike\b|\brlike\b|\bin\s*\()"
VERBS = (
    r"(?:select|insert|update|delete|drop|create|alter|truncate|exec|execute|declare|copy|waitfor|call|grant|set|do|if)"
)

REQUEST_SIGNS: dict[str, tuple[str, ...]] = {
    "union": (r"\bunion\b[\s(]+(?:all\b|distinct\b)?[\s(]*select\b",),
    "tautology": (
        rf"\b(?:and|or|xor|having|where)\b[\s(]*(?:not\b[\s(]*)?{LITERAL}\s*{COMPARISON}\s*\(*\s*['\"]?\w",
        rf"{QUOTE}\s*(?:\|\||&&)\s*{QUOTE}?\d+{QUOTE}?\s*{COMPARISON}",
    ),
    "closed_literal": (
        r"""['"][\s)]*\b(?:and|or|xor)\b\s+(?:not\b\s*)?['"(]*\w[\w.]*['"]?\s*"""
        r"(?:=|<|>|\blike\b|\bis\b\s|\bbetween\b|\bin\b\s*\()",
        r"""['"][\s)]*\b(?:and|or)\b[\s(]+(?:true|false|not|exists|null)\b""",
        r"""['"][\s)]*\|\|\s*[\w('"]""",
    ),
    "comment": (
        r"""['"][\s)]*(?:--(?:\s|-|$|&|[a-z]{1,8}(?:&|$))|#(?:\s|$|&)|/\*|;\s*(?:--|$))""",
        r"""['"][^&]*--[\s-]*(?:&|$)""",
        r"\b(?:order|group)\s+by\s+\d+\s*(?:--|#|/\*|$)",
    ),
    "characters": (
        r"\bn?cha?r\s*\(\s*(?:0x)?\d+\s*\)\s*(?:\|\||\+|,|&)",
        r"\bn?char\s*\(\s*\d+\s*(?:,\s*\d+\s*)+\)",
        r"\bconcat(?:_ws)?\s*\(\s*(?:0x[0-9a-f]{2,}|char\s*\()",
    ),
    "stacked": (rf"""['"\d)]\s*;\s*{VERBS}\b\s""",),
    "catalogue": (
        r"\binformation_schema\s*\.",
        r"\bpg_catalog\s*\.",
        r"\bfrom\s+(?:pg_\w+|mysql\.\w+|sys\.\w+|sysobjects|syscolumns|sqlite_master|all_tables|user_tables)\b",
    ),
    "time": (
        r"\bpg_sleep\s*\(",
        r"\bsleep\s*\(\s*\(?\s*\d+\s*[)*+-]",
        r"\bbenchmark\s*\(\s*\d",
        r"\bwaitfor\s+delay\b",
        r"\bdbms_(?:pipe|lock)\b",
        r"\bgenerate_series\s*\(\s*\d",
    ),
    "blind": (
        r"\b(?:ascii|ord|unicode)\s*\(\s*\(?\s*(?:substr|substring|mid|left|right|lower|upper)\s*\(",
        r"\b(?:substr|substring|mid)\s*\(\s*\(?\s*(?:select\b|@@|version\s*\(|user\s*\(|current_user|database\s*\()",
        r"\(\s*select\b[^&]{1,400}\b(?:from|case)\b",
        r"\bcase\s+when\b[^&]{1,200}\bthen\b",
    ),
    "error": (
        r"\b(?:extractvalue|updatexml)\s*\(",
        r"\bcast\s*\(\s*\(?\s*(?:select\b|cha?r\s*\()",
        r"\bconvert\s*\(\s*int\s*,",
        r"[\w)'\"]::(?:int|integer|bigint|bool|boolean|text|numeric|float|jsonb?|xml)\b",
    ),
    "server_files": (
        r"""['"\d)]\s*;?\s*\binto\s+(?:out|dump)file\b""",
        r"\bcopy\b[^&]{1,80}\b(?:to|from)\s+program\b",
        r"\bxp_cmdshell\b",
        r"\bload_file\s*\(",
    ),
}

STATEMENT_SIGNS: dict[str, tuple[str, ...]] = {
    "tautology": (
        r"\b(?:and|or|having)\b[\s(]*(?:not\b[\s(]*)?\?\s*(?:=|<=|>=|<>|!=|<|>|\blike\b|\bbetween\b)\s*\(?\s*\?",
        r"\?[\s)]*\bor\b[\s(]*\?\s*(?:$|--|/\*|;|#|\))",
    ),
    "union": (
        r"\bunion\s+(?:all\s+|distinct\s+)?\(?\s*select\s+(?:distinct\s+)?(?:null\b|\?|\(|cha?r\s*\(|concat|coalesce|cast)",
        r"\?[\s)]*\bunion\s+(?:all\s+|distinct\s+)?select\b.*(?:--|#|/\*)",
    ),
    "comment": (r"\?[\s);]*(?:--|/\*|#\s|#$)", r"--\s*\?$"),
    "stacked": (rf"\?[\s)]*;\s*{VERBS}\b",),
    "characters": (r"\bcha?r\s*\(\?\)\s*(?:\|\||\+)",),
    "time": (
        r"\bpg_sleep\s*\(",
        r"\bsleep\s*\(\?\)",
        r"\bbenchmark\s*\(",
        r"\bwaitfor\s+delay\b",
        r"\(select count\(\*\) from generate_series\s*\(",
    ),
    "blind": (r"\b(?:ascii|ord|unicode)\s*\(\s*\(?\s*(?:substr|substring|mid|left|right)\s*\(",),
    "error": (r"\bcast\s*\(\s*\(?\s*cha?r\s*\(", r"\b(?:extractvalue|updatexml)\s*\("),
    "server_files": (
        r"\bpg_read_(?:binary_)?file\s*\(",
        r"\blo_(?:import|export)\s*\(",
        r"\bcopy\b.*\b(?:to|from)\s+program\b",
        r"\bdblink\s*\(",
    ),
}

CATALOGUE = r"\binformation_schema\s*\.|\bpg_catalog\s*\.|\b(?:from|join)\s+pg_[a-z]"
"""A database's description of itself; the application's own role has no cause to read it among its tables."""

ATTACK_TOOLS = (r"^sqlmap/", r"^havij", r"^jsql", r"\bsqlninja\b", r"^bbqsql")
"""Default user agents of programs that do nothing but injection."""


def patterns(signs: dict[str, tuple[str, ...]]) -> list[str]:
    """All patterns of all signs."""
    return [pattern for group in signs.values() for pattern in group]
