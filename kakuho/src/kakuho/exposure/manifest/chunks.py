"""The shapes in which a file's content is read: rows of a table, rows of a sheet, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass, field

Row = list[str | None]
AT_ONCE = 10_000
"""Rows of one chunk."""


@dataclass(frozen=True)
class Chunk:
    """Some rows. ``place``: the file, or the member of an archive, that they stand in.

    ``table``: the database table that they are of, as a dump says; None where nobody says it (a CSV file, a work
    sheet). ``columns``: the names of the columns; None where the first row of the first chunk may be the heading.
    Values are not in the ``repr``: they reach no log.
    """

    place: str
    table: str | None
    columns: tuple[str, ...] | None
    rows: list[Row] = field(repr=False)


@dataclass(frozen=True)
class Unread:
    """Something in the file that is not known: ``reason`` is a key of :data:`REASONS`."""

    place: str
    reason: str


REASONS: dict[str, tuple[str, str]] = {
    "not_understood": ("内容を表として読めない", "its content cannot be read as tables"),
    "damaged": ("途中で切れているか壊れている", "it is cut off or damaged"),
    "encrypted": ("暗号化されている", "it is encrypted"),
    "large_object": ("ラージオブジェクトを含む", "it holds large objects"),
    "left_out": ("展開できない部分がある", "a part of it cannot be unpacked"),
    "mail_text": ("本文の文章は表として読めない", "the text of the mail cannot be read as a table"),
    "unlisted_table": ("目録にない表を含む", "it holds a table that the inventory does not list"),
}
