"""Where each part of the site stands. Keys in paths are row keys: a policy number in a URL would itself be a leak."""

from django.urls import include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

urlpatterns = [
    path("", include("petinsurance.pages.public")),
    path("mypage/", include("petinsurance.pages.mypage")),
    path("staff/", include("petinsurance.pages.staff.urls")),
    path("agency/", include("petinsurance.pages.agency")),
    path("api/v1/", include("petinsurance.pages.api")),
    path("language/", require_POST(set_language), name="set_language"),
]
