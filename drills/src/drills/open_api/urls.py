"""The broken page of the API in front of petinsurance's own pages."""

from django.urls import path

from drills.open_api.views import policy
from petinsurance.urls import urlpatterns as petinsurance_pages

urlpatterns = [path("api/v1/policies/<int:key>/", policy), *petinsurance_pages]
