"""``{% disclose %}`` renders as ``{{ }}`` does, and notes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.template import engines
from django.test import RequestFactory

from disclosure_ledger import Disclosure
from disclosure_ledger.django import collecting
from disclosure_ledger.errors import InvalidNoteError, NoCollectionError

Render = Callable[..., tuple[str, list[Disclosure]]]


@pytest.fixture
def render(site: Any) -> Any:
    """Renders a template for a request; returns the text and what was noted."""

    def render_one(source: str, **context: Any) -> tuple[str, list[Disclosure]]:
        request = RequestFactory().get("/")
        with collecting(request) as collection:
            text = engines["django"].from_string("{% load disclosure %}" + source).render(context, request)
        return text, collection.take()

    with site([]):
        yield render_one


def test_the_value_is_escaped_and_noted(render: Render) -> None:
    assert render('{% disclose "policyholder:12" "name" name %}', name="<b>試験</b>") == (
        "&lt;b&gt;試験&lt;/b&gt;",
        [Disclosure("policyholder:12", ["name"])],
    )


def test_a_masked_value_is_noted_as_masked(render: Render) -> None:
    assert render("{% disclose subject 'bank_account' value masked=True %}", subject="clinic:3", value="****567") == (
        "****567",
        [Disclosure("clinic:3", [], ["bank_account"])],
    )


@pytest.mark.parametrize("value", [None, ""])
def test_an_empty_value_renders_and_notes_nothing(render: Render, value: str | None) -> None:
    assert render('{% disclose "policyholder:12" "email" value %}', value=value) == ("", [])


def test_dates_are_localised_and_filters_work(render: Render) -> None:
    source = '{% disclose s "birth_date" day %} {% disclose s "birth_date" day|date:"Y" %}'
    assert render(source, s="policyholder:12", day=date(1980, 1, 2)) == (
        "1980年1月2日 1980",
        [Disclosure("policyholder:12", ["birth_date"])],
    )


def test_the_text_can_be_kept_in_a_variable(render: Render) -> None:
    source = '{% disclose "policyholder:12" "name" name as shown %}[{{ shown }}]'
    assert render(source, name="A & B")[0] == "[A &amp; B]"


def test_a_missing_subject_is_an_error_and_shows_nothing(render: Render) -> None:
    with pytest.raises(InvalidNoteError):
        render('{% disclose missing "name" name %}', name="試験")


def test_a_fragment_rendered_without_its_request_notes_for_the_response_being_made(site: Any) -> None:
    fragment = '{% load disclosure %}{% disclose "policyholder:12" "name" name %}'
    with site([]):
        template = engines["django"].from_string(fragment)
        with collecting(RequestFactory().get("/")) as collection:
            template.render({"name": "試験"})
        assert collection.take() == [Disclosure("policyholder:12", ["name"])]
        with pytest.raises(NoCollectionError):
            template.render({"name": "試験"})
