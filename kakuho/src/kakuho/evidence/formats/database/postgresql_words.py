"""The words of PostgreSQL's server log, in English and as its Japanese catalogue (``lc_messages = ja_JP``) has them.

English: ``elog.c``, ``postgres.c``, ``auth.c`` and ``postinit.c`` of the server. Japanese: its ``ja.po``. The catalogue
leaves severities in English since version 10; older ones wrote them in Japanese.
"""

from __future__ import annotations

SEVERITIES = frozenset(
    "DEBUG DEBUG1 DEBUG2 DEBUG3 DEBUG4 DEBUG5 LOG INFO NOTICE WARNING ERROR FATAL PANIC".split()  # noqa: SIM905
)
JAPANESE_SEVERITIES = {
    "デバッグ": "DEBUG",
    "ログ": "LOG",
    "情報": "INFO",
    "通知": "NOTICE",
    "注意": "NOTICE",
    "警告": "WARNING",
    "エラー": "ERROR",
    "致命的エラー": "FATAL",
    "パニック": "PANIC",
}
KNOWN_SEVERITIES = frozenset([*SEVERITIES, *JAPANESE_SEVERITIES])

LABELS = {
    "DETAIL": "detail",
    "HINT": "hint",
    "QUERY": "internal_query",
    "CONTEXT": "context",
    "LOCATION": "location",
    "BACKTRACE": "backtrace",
    "STATEMENT": "statement",
    "詳細": "detail",
    "ヒント": "hint",
    "問い合わせ": "internal_query",
    "文脈": "context",
    "コンテキスト": "context",
    "場所": "location",
    "バックトレース": "backtrace",
    "文": "statement",
    "ステートメント": "statement",
}
"""What the further lines of a record in the stderr format begin with, and the column that they fill."""

DURATION = r"^(?:duration|期間): (?P<milliseconds>[0-9]{1,15}(?:\.[0-9]{1,6})?) (?:ms|ミリ秒)"
STATEMENT_HEAD = (
    r"^(?:(?:duration: [0-9.]+ ms|期間: [0-9.]+ ミリ秒)  ?)?"
    r"(?:statement|文|(?:execute|実行|取り出し実行) (?:[^:]|:[^ ])*?): "
)
CONNECTION = (
    r"^(?:replication )?connection (?:received|authenticated|authorized|ready): |^disconnection: "
    r"|^(?:接続を受け付けました|接続認証完了|(?:レプリケーション)?接続の認証完了|接続を切断): "
)
REFUSED = (
    r"authentication failed|no pg_hba\.conf entry|pg_hba\.conf rejects|is not permitted to log in"
    r'|^(?:role|database) ".*" does not exist|too many (?:connections|clients)|permission denied for database'
    r"|^the database system is "
    r"|認証に失敗しました|^pg_hba\.conf |ログインが許可されません|^(?:ロール|データベース)\".*\"は存在しません"
    r"|接続が多すぎます|クライアント数が多すぎます|へのアクセスが拒否されました|^データベースシステムは"
)
"""A FATAL message, of a session without a statement, that says why a connection was refused."""
