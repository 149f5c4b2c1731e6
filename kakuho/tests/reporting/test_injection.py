"""Texts of persons and cases are data in all three formats: none of them becomes markup, whatever it holds."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from io import BytesIO

import pypdf
import pytest
from markdown_it import MarkdownIt

from kakuho.reporting.model import Bullets, Document, Heading, Missing, Notes, Paragraph, Strong, Table, Text
from kakuho.reporting.render import render_html, render_markdown, render_pdf
from kakuho.reporting.render.phrases import visible

HOSTILE = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "</style><style>body{display:none}</style>",
    "#read(\"/etc/passwd\") #import \"@preview/x:0.1.0\": *",
    "= 見出し *太字* _斜体_ $x^2$ `code` @ref <label> \\ // comment",
    "[x](javascript:alert(1)) ![i](http://evil.example/i.png)",
    "| a | b |\n|---|---|\n\n# 見出し\n- 項目\n1. 番号\n> 引用\n***",
    "https://evil.example/ www.evil.example <https://evil.example>",
    "&lt;b&gt; &#x41; {{ 7*7 }} {% x %} ${x} %s {slot}",
    "[^A001.total.records.affected]: `x`",
    "1. 番号",
    "- 項目",
    "株式会社\u202e逆向き\u200b",
]  # fmt: skip


def document(text: str) -> Document:
    line = (Text(text), Strong(text), Missing(text), Text(text, whole=True))
    return Document(
        "notice-1",
        "ja",
        (text,),
        (
            Heading(2, line),
            Paragraph(line and (line, line), "end"),
            Paragraph(((Text(text),),)),
            Bullets((line, (Text(text),))),
            Table(line, (line, line), (((line,), (line, line)),)),
            Notes(((text, line),)),
        ),
    )


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("text", HOSTILE)
def test_html_shows_it_as_text(text):
    plain, hostile = Tags(), Tags()
    plain.feed(render_html(document("架空")))
    hostile.feed(render_html(document(text)))
    assert hostile.tags == plain.tags
    assert hostile.attributes == plain.attributes
    assert hostile.text.count(visible(text)) == plain.text.count("架空")


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_shows_it_as_text(text):
    """The same tokens as with a harmless name: no link, image, emphasis, list, table or raw HTML of its own."""
    parser = MarkdownIt("commonmark").enable("table")

    def shape(source: str) -> list[str]:
        tokens = []
        for token in parser.parse(render_markdown(document(source))):
            tokens.append(token.type)
            tokens += [child.type for child in token.children or [] if child.type not in ("text", "text_special")]
        return tokens

    assert shape(text) == shape("架空")
    assert not re.search(r"(?<!\\)(https?|ftp)://|www\.", render_markdown(document(text)))


@pytest.mark.parametrize("text", HOSTILE)
def test_typst_shows_it_as_text(text):
    reader = pypdf.PdfReader(BytesIO(render_pdf(document(text))))
    shown = re.sub(r"\s+", "", "".join(page.extract_text() for page in reader.pages))
    assert shown.count(re.sub(r"\s+", "", visible(text))) >= 5
    assert "root:" not in shown
    assert all("/Annots" not in page for page in reader.pages)


def test_controls_that_reorder_or_hide_text_are_gone_and_variants_of_characters_stay():
    assert visible("株式会社\u202e逆\u200b向き\x00\x1b[31m") == "株式会社逆向き[31m"
    assert visible("葛\U000e0100飾　区\n1-1") == "葛\U000e0100飾　区 1-1"
