"""Search pages: the term is posted, page by page, and stands in no URL and no session."""

from collections.abc import Callable, Sequence

from django import forms
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from petinsurance.accounts.portals import AccountRequest

PAGE_SIZE = 20
Found = QuerySet[Model] | Sequence[Model]


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("検索語"), max_length=80, widget=forms.TextInput({"autocomplete": "off", "type": "search"})
    )
    page = forms.IntegerField(required=False, widget=forms.HiddenInput)


def search_page(
    request: AccountRequest,
    template: str,
    search: Callable[[str], Found],
    everything: Callable[[], Found] | None = None,
) -> HttpResponse:
    """Show the search form and, for a posted term, a page of what was found.

    ``everything``: what to list before a term is given; without it there is nothing to browse.
    """
    form = SearchForm(request.POST or None)
    form.fields["q"].required = everything is None
    page = None
    if not form.is_bound or not form.is_valid():
        found = everything() if everything is not None and not form.is_bound else None
    elif form.cleaned_data["q"]:
        found = search(form.cleaned_data["q"])
    else:
        found = everything() if everything is not None else None
    if found is not None:
        number = form.cleaned_data["page"] if form.is_bound else 1
        page = Paginator(found, PAGE_SIZE).get_page(number or 1)
    return render(request, template, {"form": form, "page": page})
