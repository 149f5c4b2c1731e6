"""What a person can read on a page: its text and the values that its form fields hold.

An option or a radio button that is not chosen tells nothing about anybody and is left out, as are scripts, styles and
placeholders.
"""

import json
from html.parser import HTMLParser

_SILENT = {"script", "style", "template"}
_BREAKS = {"td", "th", "tr", "p", "div", "li", "dd", "dt", "br", "h1", "h2", "h3", "option", "label", "section"}
_UNREAD_INPUTS = {"password", "submit", "button", "reset"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent = 0
        self._skipping_option = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag in _SILENT:
            self._silent += 1
        if tag in _BREAKS:
            self.pieces.append("\n")
        if tag == "option":
            self._skipping_option = "selected" not in attributes
        if tag == "input" and _is_read(attributes):
            self.pieces.append(f"\n{attributes.get('value') or ''}\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        if tag in ("option", "select"):
            self._skipping_option = False
        if tag in _BREAKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent and not self._skipping_option:
            self.pieces.append(data)


def _is_read(attributes: dict[str, str | None]) -> bool:
    kind = attributes.get("type") or "text"
    if kind in ("radio", "checkbox"):
        return "checked" in attributes
    return kind not in _UNREAD_INPUTS


def visible_text(body: str) -> str:
    """The readable text of a page, or of a JSON answer, one piece a line."""
    if body.startswith(("{", "[")):
        return json.dumps(json.loads(body), ensure_ascii=False, indent=0)
    reader = _Reader()
    reader.feed(body)
    reader.close()
    return "".join(reader.pieces)
