"""Document → one self-contained HTML file: no script, no outside resource, every text escaped.

A number is ``<data value="143000" data-fact="A001…">約14.3万件</data>`` with a quiet reference to the list at the end.
"""

from __future__ import annotations

import base64
import hashlib
from html import escape

from kakuho.reporting.data import read_text
from kakuho.reporting.model import (
    Block,
    Bullets,
    Cell,
    Day,
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
    Text,
)
from kakuho.reporting.render.phrases import phrase, plain, visible


def render_html(document: Document) -> str:
    style = read_text("render/page.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    body = "\n".join(_block(block, document) for block in document.blocks)
    return f"""<!DOCTYPE html>
<html lang="{document.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(visible(document.title))}</title>
<style>{style}</style>
</head>
<body>
<main class="{escape(document.name)}">
{_title_and(body, document)}{_sources(document)}
</main>
</body>
</html>
"""


def _title_and(body: str, document: Document) -> str:
    title = "".join(
        f'<span class="phrase">{escape(visible(part.rstrip(" ")))}</span>{" " * part.endswith(" ")}'
        for part in document.phrases
    )
    return f"<h1>{title}</h1>\n{body}"


def _block(block: Block, document: Document) -> str:
    match block:
        case Heading():
            return f"<h{block.level}>{_line(block.line, document)}</h{block.level}>"
        case Paragraph():
            tag = "address" if block.place == "recipient" else "p"
            return f'<{tag} class="{block.place}">{_broken(block.lines, document)}</{tag}>'
        case Bullets():
            items = "".join(f"<li>{_line(line, document)}</li>" for line in block.lines)
            return f"<ul>{items}</ul>"
        case Notes():
            notes = "".join(
                f"<dt>{escape(visible(mark))}</dt><dd>{_line(line, document)}</dd>" for mark, line in block.notes
            )
            return f'<dl class="notes">{notes}</dl>'
        case Table():
            return _table(block, document)


def _table(table: Table, document: Document) -> str:
    caption = f"<caption>{_line(table.caption, document)}</caption>" if table.caption else ""
    head = "".join(
        f'<th scope="col"{_number(column, table)}>{_line(line, document)}</th>'
        for column, line in enumerate(table.head)
    )
    rows = "\n".join(f"<tr>{_row(row, table, document)}</tr>" for row in table.rows)
    return (
        f'<div class="wide" tabindex="0"><table>{caption}\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody></table></div>"
    )


def _row(row: tuple[Cell, ...], table: Table, document: Document) -> str:
    cells = [f'<th scope="row">{_broken(row[0], document)}</th>']
    for column, cell in enumerate(row[1:], start=1):
        cells.append(f"<td{_number(column, table)}>{_broken(cell, document)}</td>")
    return "".join(cells)


def _number(column: int, table: Table) -> str:
    return ' class="number"' if column in table.numeric else ""


def _broken(lines: tuple[Line, ...], document: Document) -> str:
    return "<br>".join(_line(line, document) for line in lines)


def _line(line: Line, document: Document) -> str:
    return "".join(_inline(inline, document) for inline in line)


def _inline(inline: Inline, document: Document) -> str:
    words = escape(plain(inline, document.language))
    match inline:
        case Figure():
            number = document.reference(inline.fact_id)
            return (
                f'<span class="figure"><data value="{inline.value}" data-fact="{escape(inline.fact_id)}">{words}</data>'
                f'<a class="source" href="#source-{number}">[{number}]</a></span>'
            )
        case Day():
            return f'<time datetime="{inline.day.isoformat()}">{words}</time>'
        case Missing():
            return f'<mark class="missing">{words}</mark>'
        case Strong():
            return f"<strong>{words}</strong>"
        case Text(whole=True):
            return f'<span class="whole">{words}</span>'
        case _:
            return words


def _sources(document: Document) -> str:
    if not document.sources:
        return ""
    entries = "\n".join(
        f'<li id="source-{source.number}"><code>{escape(source.fact_id)}</code> = '
        f'<span class="figure">{escape(source.exact)}</span> — {escape(source.definition)}</li>'
        for source in document.sources
    )
    return f"""
<section class="sources" aria-labelledby="sources">
<h2 id="sources">{escape(phrase("sources", document.language))}</h2>
<p>{escape(phrase("sources_lead", document.language))}</p>
<p><code>kakuho explain &lt;id&gt;</code></p>
<ol>
{entries}
</ol>
</section>"""
