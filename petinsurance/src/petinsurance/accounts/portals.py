"""The three parts of the site that need a login, each with the roles that may enter, and the guard of their pages."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from petinsurance.accounts.models import Account, Role

STAFF_ROLES = frozenset({Role.CALL_CENTRE, Role.ADJUSTER, Role.LIABILITY_HANDLER})


@dataclass(frozen=True)
class Portal:
    name: str
    title: Promise
    login_label: Promise
    roles: frozenset[Role]

    @property
    def home(self) -> str:
        return f"{self.name}:home"

    @property
    def login_page(self) -> str:
        return f"{self.name}:login"


MY_PAGE = Portal("mypage", _("マイページ"), _("メールアドレス"), frozenset({Role.POLICYHOLDER}))
STAFF_CONSOLE = Portal("staff", _("社内コンソール"), _("社員ID"), STAFF_ROLES)
AGENCY_PORTAL = Portal("agency", _("代理店ポータル"), _("代理店ログインID"), frozenset({Role.AGENCY}))


class AccountRequest(HttpRequest):
    """A request whose user is an account of the portal: what a guarded view gets."""

    user: Account


View = Callable[..., HttpResponseBase]


def only_for(portal: Portal, *roles: Role) -> Callable[[View], View]:
    """Let a view be reached by the portal's accounts only, or by these roles of them.

    Nobody logged in, or an account of another portal: to the portal's login. The portal's own, of another role: 403.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *arguments: object, **keywords: object) -> HttpResponseBase:
            account = request.user
            if not isinstance(account, Account) or account.role not in portal.roles:
                return redirect(f"{resolve_url(portal.login_page)}?{urlencode({'next': request.path})}")
            if roles and account.role not in roles:
                raise PermissionDenied
            return view(request, *arguments, **keywords)

        return guarded

    return decorate
