"""The CSV download in front of petinsurance's own pages."""

from django.urls import path

from drills.export.views import policyholders
from petinsurance.urls import urlpatterns as petinsurance_pages

urlpatterns = [path("staff/export/policyholders.csv", policyholders), *petinsurance_pages]
