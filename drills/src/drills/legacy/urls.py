"""The legacy look-up in front of petinsurance's own pages."""

from django.urls import path

from drills.legacy.views import policy_status
from petinsurance.urls import urlpatterns as petinsurance_pages

urlpatterns = [path("legacy/policy-status", policy_status), *petinsurance_pages]
