"""A page as a browser sees it: where it is, what it links to, and its forms with their filled-in values."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit


@dataclass
class Form:
    """One form and what it would send if it were submitted untouched."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)


class Page(HTMLParser):
    """One answer of the server."""

    def __init__(self, url: str, status: int, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.url, self.status, self.html = url, status, html
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = ""
        self._area = ""
        self.feed(html)
        self.close()

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    def links_under(self, prefix: str) -> list[str]:
        """The paths that the page links to below `prefix`, in the page's order, each once."""
        paths = (urlsplit(link).path for link in self.links)
        return list(dict.fromkeys(path for path in paths if path.startswith(prefix) and path != prefix))

    def form_with(self, *names: str) -> Form | None:
        """The first form that has all these fields."""
        return next((form for form in self.forms if all(name in form.values for name in names)), None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in attributes:
            self.links.append(urljoin(self.url, attributes["href"]))
        elif tag == "form":
            action = urljoin(self.url, attributes.get("action") or self.url)
            self._form = Form(action, attributes.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None and attributes.get("name"):
            self._field(self._form, tag, attributes)
        elif self._form is not None and tag == "option" and self._select:
            self._form.choices.setdefault(self._select, []).append(attributes.get("value", ""))
            if "selected" in attributes or not self._form.values[self._select]:
                self._form.values[self._select] = attributes.get("value", "")

    def _field(self, form: Form, tag: str, attributes: dict[str, str]) -> None:
        name, kind = attributes["name"], attributes.get("type", "text")
        if tag == "select":
            self._select = name
            form.values[name] = ""
        elif tag == "textarea":
            self._area = name
            form.values[name] = ""
        elif tag == "input" and kind in ("radio", "checkbox"):
            form.choices.setdefault(name, []).append(attributes.get("value", "on"))
            if "checked" in attributes:
                form.values[name] = attributes.get("value", "on")
            elif kind == "radio":
                form.values.setdefault(name, "")
        elif tag == "input" and kind not in ("submit", "button", "reset"):
            form.values[name] = attributes.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._area:
            self._form.values[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""
