"""The folder in front of petinsurance's own pages."""

from django.urls import path

from drills.forgotten_backups.views import backup
from petinsurance.urls import urlpatterns as petinsurance_pages

urlpatterns = [path("files/backups/<str:name>", backup), *petinsurance_pages]
