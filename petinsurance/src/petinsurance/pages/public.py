"""The public site: quotes and brochure requests."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from disclosure_ledger.django import purpose
from petinsurance.quotes import services
from petinsurance.quotes.forms import BrochureForm, QuoteForm
from petinsurance.quotes.models import Quote
from petinsurance.quotes.rating import LIABILITY_RIDER_MONTHLY

app_name = "public"
OWN_QUOTE = "quote"
"""Session key: the quote that this visitor asked for last. Nobody sees a quote by its number."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "public/home.html")


@require_http_methods(["GET", "HEAD", "POST"])
def quote(request: HttpRequest) -> HttpResponse:
    form = QuoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.session[OWN_QUOTE] = services.make_quote(form.contact(), form.pet()).pk
        return redirect("public:quote_result")
    return render(request, "public/quote.html", {"form": form})


@require_safe
@purpose("quotation")
def quote_result(request: HttpRequest) -> HttpResponse:
    own = get_object_or_404(Quote, pk=request.session.get(OWN_QUOTE))
    with_rider = own.monthly_premium + LIABILITY_RIDER_MONTHLY
    return render(request, "public/quote_result.html", {"quote": own, "with_rider": with_rider})


@require_http_methods(["GET", "HEAD", "POST"])
def brochure(request: HttpRequest) -> HttpResponse:
    form = BrochureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.request_brochure(form.contact())
        return redirect("public:brochure_thanks")
    return render(request, "public/brochure.html", {"form": form})


@require_safe
def brochure_thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "public/brochure_thanks.html")


urlpatterns = [
    path("", home, name="home"),
    path("quote/", quote, name="quote"),
    path("quote/result/", quote_result, name="quote_result"),
    path("brochure/", brochure, name="brochure"),
    path("brochure/thanks/", brochure_thanks, name="brochure_thanks"),
]
