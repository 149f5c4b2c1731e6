"""Login and logout, the same for each portal. A failed login answers 200 with the form; a right one redirects."""

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from petinsurance.accounts.forms import LoginForm
from petinsurance.accounts.portals import Portal
from petinsurance.accounts.services import LoginOutcome, log_in


def login_view(portal: Portal) -> Callable[[HttpRequest], HttpResponse]:
    @sensitive_post_parameters("password")
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest) -> HttpResponse:
        next_page = request.POST.get("next") or request.GET.get("next") or ""
        form = LoginForm(request.POST or None, portal=portal)
        if request.method == "POST" and form.is_valid():
            match log_in(request, form.cleaned_data["login"], form.cleaned_data["password"], portal.roles):
                case LoginOutcome.LOGGED_IN:
                    return redirect(_safe(request, next_page, portal))
                case LoginOutcome.LOCKED:
                    form.add_error(None, _("ログインの失敗が続いたため、しばらくの間ログインできません。"))
                case LoginOutcome.REFUSED:
                    form.add_error(None, _("ログインIDまたはパスワードが正しくありません。"))
        return render(request, "accounts/login.html", {"form": form, "portal": portal, "next_page": next_page})

    return view


def logout_view(portal: Portal) -> Callable[[HttpRequest], HttpResponse]:
    @require_POST
    def view(request: HttpRequest) -> HttpResponse:
        logout(request)
        return redirect(portal.login_page)

    return view


def _safe(request: HttpRequest, next_page: str, portal: Portal) -> str:
    """The page that was asked for, if it is one of this portal on this site; else the portal's first page."""
    home = resolve_url(portal.home)
    allowed = url_has_allowed_host_and_scheme(next_page, allowed_hosts=None, require_https=request.is_secure())
    return next_page if allowed and next_page.startswith(home) else home
