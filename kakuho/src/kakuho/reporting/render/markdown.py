"""Document → Markdown (CommonMark with tables and footnotes as GitHub has them). Every text is escaped.

Emphasis is ``<strong>``: the asterisks' rules fail where Japanese has no spaces. A number carries a footnote named by
its fact's id; the footnote gives the exact value.
"""

from __future__ import annotations

import re

from kakuho.reporting.model import (
    Block,
    Bullets,
    Document,
    Figure,
    Heading,
    Inline,
    Line,
    Missing,
    Notes,
    Paragraph,
    Strong,
    Table,
)
from kakuho.reporting.render.phrases import phrase, plain, visible

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~&!$]")
_AUTOLINK = re.compile(r"(?i)(?<=www)\.|:(?=//)|(?<=mailto):|(?<=xmpp):")
_AT_START = re.compile(r"^(\s*)([-+=]|\d+[.)])")


def render_markdown(document: Document) -> str:
    parts = [f"# {escape(document.title)}"]
    parts += [_block(block, document) for block in document.blocks]
    if document.sources:
        parts.append(f"## {phrase('sources', document.language)}")
        parts.append(phrase("sources_lead", document.language))
        parts.append("    kakuho explain <id>")
        parts += [
            f"[^{source.fact_id}]: `{source.fact_id}` = {source.exact}{escape(' — ' + source.definition)}"
            for source in document.sources
        ]
    return "\n\n".join(parts) + "\n"


def escape(text: str) -> str:
    """Text that means nothing but itself, on one line."""
    flat = re.sub(r" +", " ", visible(text))
    return _AUTOLINK.sub(lambda match: f"\\{match[0]}", _SPECIAL.sub(lambda match: f"\\{match[0]}", flat))


def _block(block: Block, document: Document) -> str:
    match block:
        case Heading():
            return f"{'#' * block.level} {_line(block.line, document)}"
        case Paragraph():
            return "\\\n".join(_start(_line(line, document)) for line in block.lines)
        case Bullets():
            return "\n".join(f"- {_start(_line(line, document))}" for line in block.lines)
        case Notes():
            return "\n".join(f"- {_start(escape(mark))} {_line(line, document)}" for mark, line in block.notes)
        case Table():
            return _table(block, document)


def _table(table: Table, document: Document) -> str:
    rule = ["---:" if column in table.numeric else "---" for column in range(len(table.head))]
    rows = [" | ".join(_line(line, document) for line in table.head), " | ".join(rule)]
    rows += [" | ".join("<br>".join(_line(line, document) for line in cell) for cell in row) for row in table.rows]
    caption = f"<strong>{_line(table.caption, document)}</strong>\n\n" if table.caption else ""
    return caption + "\n".join(f"| {row} |" for row in rows)


def _line(line: Line, document: Document) -> str:
    return "".join(_inline(inline, document) for inline in line)


def _inline(inline: Inline, document: Document) -> str:
    words = escape(plain(inline, document.language))
    match inline:
        case Figure():
            return f"{words}[^{inline.fact_id}]"
        case Strong() | Missing():
            return f"<strong>{words}</strong>"
        case _:
            return words


def _start(line: str) -> str:
    """A line that begins like a list or a heading, and is none."""
    return _AT_START.sub(lambda match: f"{match[1]}{match[2][:-1]}\\{match[2][-1]}", line)
