"""Document → PDF (PDF/UA-1) by Typst: the same bytes for the same document.

The document goes in as JSON and a fixed template (``document.typ``) draws it: texts are strings there, never markup.
Fonts come from the packages that carry them; none of the system's, none of Typst's own.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import noto_cjk_sans_jp_bold
import noto_cjk_sans_jp_regular
import typst

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
    Text,
)
from kakuho.reporting.render.phrases import phrase, plain, visible

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands in the PDF of a document whose day of issue is still to be filled in: a clock would change its bytes."""


def render_pdf(document: Document) -> bytes:
    with as_file(files("kakuho.reporting.render").joinpath("document.typ")) as template:
        made = typst.compile(
            template,
            root=template.parent,
            font_paths=_fonts(),
            format="pdf",
            sys_inputs={"document": json.dumps(_document(document), ensure_ascii=False)},
            timestamp=datetime.combine(document.issued, time(), UTC) if document.issued else UNDATED,
            pdf_standards=["ua-1"],
        )
    if not isinstance(made, bytes):
        raise TypeError("typst returned no bytes")
    return made


@cache
def _fonts() -> typst.Fonts:
    folders = {str(Path(package.FONT_PATH).parent) for package in (noto_cjk_sans_jp_regular, noto_cjk_sans_jp_bold)}
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=sorted(folders))


def _document(document: Document) -> dict[str, Any]:
    language = document.language
    return {
        "name": document.name,
        "language": language,
        "title": visible(document.title),
        "phrases_of_title": [visible(part) for part in document.phrases],
        "blocks": [_block(block, document) for block in document.blocks],
        "sources": [
            {"number": s.number, "fact": s.fact_id, "exact": s.exact, "definition": s.definition}
            for s in document.sources
        ],
        "phrases": {key: phrase(key, language) for key in ("sources", "sources_lead")},
    }


def _block(block: Block, document: Document) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "line": _line(block.line, document)}
        case Paragraph():
            return {
                "kind": "paragraph",
                "place": block.place,
                "lines": [_line(line, document) for line in block.lines],
            }
        case Bullets():
            return {"kind": "bullets", "lines": [_line(line, document) for line in block.lines]}
        case Notes():
            notes = [{"mark": visible(mark), "line": _line(line, document)} for mark, line in block.notes]
            return {"kind": "notes", "notes": notes}
        case Table():
            return {
                "kind": "table",
                "caption": _line(block.caption, document),
                "head": [_line(line, document) for line in block.head],
                "rows": [[[_line(line, document) for line in cell] for cell in row] for row in block.rows],
                "numeric": list(block.numeric),
                "widths": list(block.widths or (1,) * len(block.head)),
            }


def _line(line: Line, document: Document) -> list[dict[str, Any]]:
    return [_inline(inline, document) for inline in line]


def _inline(inline: Inline, document: Document) -> dict[str, Any]:
    words = plain(inline, document.language)
    match inline:
        case Figure():
            return {"kind": "figure", "text": words, "reference": document.reference(inline.fact_id)}
        case Missing():
            return {"kind": "missing", "text": words}
        case Strong():
            return {"kind": "strong", "text": words}
        case Text(whole=False):
            return {"kind": "text", "text": words}
        case _:
            return {"kind": "whole", "text": words}
