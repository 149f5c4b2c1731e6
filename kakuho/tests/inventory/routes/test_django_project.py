"""A small Django project on SQLite, run in a process of its own against its own test client."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kakuho.cli import main

SETTINGS = """
SECRET_KEY = "for a test only"
USE_TZ = True
ROOT_URLCONF = "shop.urls"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "shop"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "shop.sqlite3"}}
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
"""
MODELS = """
from django.conf import settings
from django.db import models

class Customer(models.Model):
    name = models.CharField(max_length=80)
    email = models.CharField(max_length=80)
    account = models.CharField(max_length=20)
    class Meta:
        db_table = "customer"
"""
URLS = """
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt
from shop.models import Customer

def home(request):
    return HttpResponse(f"{Customer.objects.count()} customers")

@login_required
def customer(request, pk):
    found = get_object_or_404(Customer, pk=pk)
    return HttpResponse(f"<h1>{found.name}</h1> ****{found.account[-3:]}")

def api(request, key):
    return JsonResponse({"mail": get_object_or_404(Customer, pk=key).email})

@csrf_exempt
def search(request):
    if request.method == "POST":
        rows = list(Customer.objects.filter(name__startswith=request.POST["q"]))
        Customer.objects.all().delete()
        return HttpResponse(", ".join(row.name for row in rows))
    return HttpResponse('<form method="post"><input name="q"></form>')

def broken(request):
    raise ValueError(Customer.objects.first().name)

urlpatterns = [
    path("", home, name="home"),
    path("customers/<int:pk>/", customer, name="customer"),
    re_path(r"^api/customers/(?P<key>[0-9]+)$", api, name="api"),
    path("search/", search, name="search"),
    path("broken/", broken, name="broken"),
]
"""
FILL = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", run_syncdb=True, verbosity=0)
from django.contrib.auth.models import User
from shop.models import Customer
User.objects.create_user("clerk")
Customer.objects.create(name="Yamada Hanako", email="hanako@shop.example", account="1234567")
"""
INVENTORY = """\
inventory: 1
system: shop
categories:
- {id: customer, kind: person, label: {ja: 顧客, en: Customers}}
items:
- {id: name, data_category: user.name, label: {ja: 氏名, en: name}}
- {id: email, data_category: user.contact.email, label: {ja: メール, en: e-mail}}
- {id: bank_account, data_category: user.financial.bank_account, label: {ja: 口座, en: bank account}}
dataset:
- fides_key: shop
  collections:
  - name: customer
    kakuho: {key: id, record_of: customer}
    fields:
    - {name: id, data_categories: [system.operations]}
    - {name: name, data_categories: [user.name], kakuho: {item: name}}
    - {name: email, data_categories: [user.contact.email], kakuho: {item: email}}
    - {name: account, data_categories: [user.financial.bank_account], kakuho: {item: bank_account}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    package = tmp_path / "shop"
    package.mkdir()
    for name, text in {"__init__": "", "settings": SETTINGS, "models": MODELS, "urls": URLS}.items():
        (package / f"{name}.py").write_text(text, encoding="utf-8")
    (tmp_path / "inventory.yaml").write_text(INVENTORY, encoding="utf-8")
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "shop.settings"}
    subprocess.run([sys.executable, "-"], input=FILL.encode(), cwd=tmp_path, env=environment, check=True)
    return tmp_path


def test_what_each_route_shows_was_seen_in_its_answer(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (project / "shop.sqlite3").read_bytes()
    arguments = ["inventory", "routes", "shop.settings", "--inventory", str(project / "inventory.yaml")]
    assert main([*arguments, "--folder", str(project), "--json"]) == 0
    out = capsys.readouterr().out
    routes = {(one["id"], one["methods"][0] if "methods" in one else "GET"): one for one in json.loads(out)}
    assert routes[("web.home", "GET")]["returns"] == "nothing"
    customer = routes[("web.customer", "GET")]
    assert customer["path"] == "^/customers/(?P<pk>[0-9]+)/$"
    assert customer["principal"] == "staff"
    assert customer["shows"] == [{"subject": "customer:{pk}", "items": ["name"], "masked": ["bank_account"]}]
    assert routes[("web.api", "GET")]["shows"] == [{"subject": "customer:{key}", "items": ["email"]}]
    assert "principal" not in routes[("web.api", "GET")]
    assert routes[("web.search.post", "POST")]["shows"] == [{"collection": "customer", "items": ["name"]}]
    assert routes[("web.broken", "GET")]["sure"] is False
    assert (project / "shop.sqlite3").read_bytes() == before, "everything was rolled back"
    assert "Yamada" not in out


def test_a_project_that_does_not_start_is_told_by_the_kind_of_error(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--lang", "en", "inventory", "routes", "no.such.settings", "--folder", str(project)]
    assert main([*arguments, "--inventory", str(project / "inventory.yaml")]) == 2
    assert "the Django project does not run (ModuleNotFoundError)" in capsys.readouterr().err
