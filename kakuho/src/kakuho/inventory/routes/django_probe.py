"""Runs inside a Django project, in a process of its own: which address reads which columns, and which of them it shows.

    DJANGO_SETTINGS_MODULE=… python django_probe.py < options.json > routes.json

Every pattern of the project's URLs is requested through Django's test client, without a login and as several kinds of
accounts,
keys in paths filled from the database, forms that pages contain filled in and sent. All of it happens in transactions
that are
rolled back, and mail goes to memory. The statements are noted as text with placeholders; which of their columns were
in the
answer is found by looking for the values there. No value leaves this process. Needs Django 3.2 or later, and nothing
of kakuho.
"""

import datetime
import decimal
import html
import json
import re
import sys
from contextlib import ExitStack
from html.parser import HTMLParser
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.db import connections, models, transaction
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import URLPattern, get_resolver

MOST_ROWS = 100
MOST_TRIES = 40
ROWS_A_PAGE = 4
ACCOUNTS_A_KIND = 2
MOST_KINDS = 12


class _RollBackError(Exception):
    pass


def pieces(resolvers, before="", names=()):
    """(regular expression, name, view) of every pattern."""
    for one in resolvers:
        part = one.pattern.regex.pattern
        part = re.sub(r"^\^", "", re.sub(r"(\\[Zz]|\$)$", "", part))
        if isinstance(one, URLPattern):
            yield before + part, (*names, one.name or getattr(one.callback, "__name__", "view")), one.callback
        else:
            yield from pieces(one.url_patterns, before + part, (*names, one.namespace) if one.namespace else names)


def accounts():
    """Some accounts of each kind: a kind is the values of flags, choices and empty links, and the groups."""
    try:
        user = apps.get_model(settings.AUTH_USER_MODEL)
        telling = [
            one
            for one in user._meta.concrete_fields
            if isinstance(one, models.BooleanField) or one.choices or (one.is_relation and one.null)
        ]
        kinds = {}
        for account in user.objects.order_by("pk")[:5000]:
            if not getattr(account, "is_active", True):
                continue
            kind = tuple(
                getattr(account, one.attname) is None if one.is_relation else getattr(account, one.attname)
                for one in telling
            )
            held = kinds.setdefault(kind, [])
            if len(held) < ACCOUNTS_A_KIND:
                held.append(account)
        return [account for held in list(kinds.values())[:MOST_KINDS] for account in held]
    except (LookupError, django.db.Error):
        return []


def parties_of(account):
    """The tables to whose rows an account is linked: whose account it is."""
    return sorted(
        one.related_model._meta.db_table
        for one in account._meta.concrete_fields
        if one.is_relation and getattr(account, one.attname) is not None
    )


def near(account):
    """Keys of rows that belong to an account, by table: along its links, then back along those of others."""
    found, todo = {}, [account]
    for depth in range(4):
        fresh = []
        for row in todo:
            for one in row._meta.get_fields():
                if one.auto_created and not one.concrete and (one.one_to_many or one.one_to_one) and depth:
                    manager = one.related_model._default_manager
                    fresh.extend(manager.filter(**{one.field.name: row.pk})[:5])
                elif one.concrete and one.is_relation and one.many_to_one | one.one_to_one and not depth:
                    other = getattr(row, one.name, None)
                    fresh.extend([other] if other is not None else [])
        for row in fresh:
            found.setdefault(row._meta.db_table, []).append(row.pk)
        todo = fresh[:40]
    return found


def likeness(path, name, view, model):
    """How well a model fits an address: by its words, or because the view is of that model."""
    if getattr(getattr(view, "view_class", None) or getattr(view, "cls", None), "model", None) is model:
        return 100
    words = set(re.findall(r"[a-z]+", f"{path} {' '.join(name)}".lower().replace("(?p<", " ")))
    words |= {word[:-1] for word in words if word.endswith("s")} | {
        word[:-3] + "y" for word in words if word.endswith("ies")
    }
    own = re.findall(r"[a-z]+", re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower())
    return sum(word in words for word in own) * 10 / len(own) + all(word in words for word in own) * 20


def fillings(path, name, view, own):
    """Values for the groups of ``path``: [(values by group, table of the key)]."""
    groups = re.findall(r"\(\?P<(\w+)>", path)
    if not groups:
        return [({}, None)]
    ranked = sorted(apps.get_models(), key=lambda model: -likeness(path, name, view, model))
    tries = []
    for model in ranked[:6]:
        table = model._meta.db_table
        keys = [*own.get(table, [])[:3]]
        keys += [
            key for key in model._default_manager.order_by("pk").values_list("pk", flat=True)[:3] if key not in keys
        ]
        if likeness(path, name, view, model) >= 20:
            keys += list(model._default_manager.order_by("-pk").values_list("pk", flat=True)[:4])
        for key in keys:
            values = {}
            for group in groups:
                by_name = next((one for one in model._meta.concrete_fields if one.name == group), None)
                row = (
                    model._default_manager.filter(pk=key).values_list(by_name.attname, flat=True).first()
                    if by_name
                    else key
                )
                values[group] = row
            tries.append((values, table))
    return tries[:MOST_TRIES]


def filled(path, values):
    """A concrete path, or None where a value does not fit its group."""
    for group, value in values.items():
        start = path.index(f"(?P<{group}>")
        depth, end = 0, start
        for end in range(start, len(path)):
            depth += (path[end] == "(" and path[end - 1] != "\\") - (path[end] == ")" and path[end - 1] != "\\")
            if depth == 0:
                break
        if not re.fullmatch(path[start : end + 1], str(value)):
            return None
        path = path[:start] + str(value) + path[end + 1 :]
    return "/" + re.sub(r"\\(.)", r"\1", path)


class Forms(HTMLParser):
    """The forms of a page: action, method, fields."""

    def __init__(self):
        super().__init__()
        self.forms, self._select = [], None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.forms.append(
                {"action": given.get("action") or "", "method": (given.get("method") or "get").upper(), "fields": {}}
            )
        if not self.forms:
            return
        fields = self.forms[-1]["fields"]
        if tag in ("input", "textarea") and given.get("name"):
            if given.get("type") in ("checkbox", "radio"):
                fields.setdefault(given["name"], given.get("value") or "on")
            else:
                fields[given["name"]] = given.get("value") or ""
        if tag == "select":
            self._select = given.get("name")
        if tag == "option" and self._select and given.get("value"):
            fields.setdefault(self._select, given["value"])


def guesses():
    """Values of the database for forms: of each model the columns of a few rows."""
    found = {}
    for model in apps.get_models():
        values = found.setdefault(model, {})
        for row in model._default_manager.order_by("pk")[:3]:
            for one in model._meta.concrete_fields:
                value = one.value_from_object(row)
                if value not in (None, ""):
                    values.setdefault(one.name, []).append(str(value))
    return found


LEFT_EMPTY = 3
SEARCH = re.compile(r"^(q|query|s|search|keyword|term|text|words?)$")
NAMES = ("name", "full_name", "last_name", "username", "title", "email")


def form_data(fields, known, number, target):
    """The form's fields filled in: its own values first, then values of columns of that name in the model that fits
    best,
    for a search the beginning of a name."""
    path, name, view = target
    ranked = sorted(known, key=lambda model: -likeness(path, name, view, model))
    data = {}
    for field, value in fields.items():
        last = field.rpartition("-")[2]
        values = next((known[model][last] for model in ranked if last in known[model]), None)
        if number == LEFT_EMPTY and not value:
            data[field] = ""  # a page that shows what is wrong shows the rest too
        elif value or field == "csrfmiddlewaretoken":
            data[field] = value
        elif SEARCH.match(last):
            names = [known[model][one][0] for model in ranked for one in NAMES if one in known[model]] or ["a"]
            data[field] = names[min(number, len(names) - 1)][:2]
        elif values:
            data[field] = values[min(number, len(values) - 1)]
        else:
            data[field] = "1"
    return data


class Watch:
    """Notes each statement with its placeholders, and the first rows that it reads at that moment, by asking again."""

    def __init__(self):
        self.statements = []
        self._asking = False

    def __call__(self, execute, sql, params, many, context):
        if not self._asking and not many and str(sql).lstrip().upper().startswith(("SELECT", "WITH")):
            self._asking = True
            try:
                self.statements.append((str(sql), *self._rows(context["connection"].alias, sql, params)))
            finally:
                self._asking = False
        return execute(sql, params, many, context)

    def _rows(self, alias, sql, params):
        try:
            with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
                cursor.execute(sql, params)
                return cursor.fetchmany(MOST_ROWS), [one[0] for one in cursor.description or ()]
        except Exception:
            return [], []


CHOICES = {}


def spellings(value):
    """How a page may write a value: as it is, escaped, dates and numbers in the usual ways, a choice by its label."""
    if value is None or isinstance(value, bool | bytes | memoryview):
        return set()
    found = {str(value)}
    if isinstance(value, datetime.datetime):
        for moment in (
            value,
            value.astimezone(django.utils.timezone.get_default_timezone()) if value.tzinfo else value,
        ):
            found |= {
                moment.isoformat(),
                f"{moment:%Y-%m-%d %H:%M}",
                f"{moment.year}年{moment.month}月{moment.day}日",
                f"{moment:%Y/%m/%d}",
                f"{moment:%Y-%m-%d}",
            }
    elif isinstance(value, datetime.date):
        found |= {
            value.isoformat(),
            f"{value.year}年{value.month}月{value.day}日",
            f"{value:%Y/%m/%d}",
            f"{value:%d %B %Y}",
            f"{value:%B} {value.day}, {value.year}",
            f"{value.day} {value:%B} {value.year}",
        }
    elif isinstance(value, int | float | decimal.Decimal):
        found = {f"{value:,}", f"{value}"} if abs(value) >= 1000 else set()
    elif isinstance(value, str):
        found |= set(map(str, CHOICES.get(value, ())))
        if re.fullmatch(r"\d{7}", value):
            found.add(f"{value[:3]}-{value[3:]}")
    found |= {html.escape(one) for one in found} | {html.escape(one, quote=False) for one in found}
    return {one for one in found if len(one) >= (5 if one.isdigit() else 2)}  # short numbers stand in every page


def shown_in(body, values, sent):
    """``full``, ``masked`` (only the end, behind signs of masking) or None; what the visitor sent itself is not
    counted."""
    values = [value for value in values if not isinstance(value, str) or value not in sent]
    for value in values:
        if any(one in body for one in spellings(value)):
            return "full"
    for value in values:
        if isinstance(value, str) and len(value) >= 6 and re.search(r"[*＊●•✱xX]{2,}\s*" + re.escape(value[-3:]), body):
            return "masked"
    return None


def noted(watch, body, sent):
    """The statements, each with which of its output columns the body shows."""
    found = {}
    for sql, rows, names in watch.statements:
        columns = [shown_in(body, [row[at] for row in rows], sent) for at in range(len(names))]
        before = found.get(sql)
        if before is not None:
            columns = [old or new for old, new in zip(before["shown"], columns, strict=False)] or before["shown"]
        found[sql] = {
            "sql": sql,
            "columns": names,
            "shown": columns,
            "rows": bool(rows) or bool(before and before["rows"]),
        }
    return list(found.values())


def text_of(response):
    body = b"".join(response.streaming_content) if response.streaming else response.content
    decoded = body.decode(response.charset or "utf-8", errors="replace")
    if "json" in response.get("Content-Type", ""):
        try:
            return json.dumps(json.loads(decoded), ensure_ascii=False)
        except ValueError:
            return decoded
    return decoded


class Visit:
    """One visitor's requests, in one transaction that is rolled back."""

    def __init__(self, account, known):
        self.client = Client(raise_request_exception=False)
        self.known = known
        if account is not None:
            self.client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])

    def ask(self, method, path, data=None):
        watch = Watch()
        with ExitStack() as stack:
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(watch))
            try:
                with transaction.atomic():
                    response = getattr(self.client, method.lower())(path, data or {}, secure=True)
            except Exception:
                return None, "", []
        try:
            body = text_of(response)
        except Exception:
            body = ""
        return (
            response,
            body,
            noted(watch, body, set(map(str, (data or {}).values())))
            if response.status_code == 200 and response.get("Content-Type", "").split("/")[0] != "image"
            else [],
        )


def probe():
    django.setup()
    setup_test_environment()
    for model in apps.get_models():
        for one in model._meta.concrete_fields:
            for value, label in one.flatchoices:
                CHOICES.setdefault(value, set()).add(label)
    known = guesses()
    visitors = [(None, {})] + [(account, near(account)) for account in accounts()]
    routes, forms = {}, {}
    patterns = list(pieces(get_resolver().url_patterns))

    def seen(method, path, name, response, statements, account, table, concrete):
        key = (method, path)
        entry = routes.setdefault(
            key,
            {
                "method": method,
                "path": path,
                "name": ".".join(map(str, name)),
                "status": None,
                "public": False,
                "parties": [],
                "tables": [],
                "statements": {},
                "example": re.sub(r"\d+", "1", concrete),
            },
        )
        if response is None:
            return
        if entry["status"] is None or (response.status_code == 200 and entry["status"] != 200):
            entry["status"] = response.status_code
        if response.status_code != 200:
            return
        if account is None:
            entry["public"] = True
        else:
            kind = parties_of(account)
            if kind not in entry["parties"]:
                entry["parties"].append(kind)
        if table and table not in entry["tables"]:
            entry["tables"].append(table)
        for one in statements:
            before = entry["statements"].get(one["sql"])
            if before is not None:
                one["shown"] = [old or new for old, new in zip(before["shown"], one["shown"], strict=False)]
            entry["statements"][one["sql"]] = one

    def route_of(path):
        return next(((p, n, v) for p, n, v in patterns if re.fullmatch("/" + p, path)), None)

    for account, own in visitors:
        for path, name, view in patterns:
            good = 0
            for values, table in fillings(path, name, view, own):
                concrete = filled(path, values)
                if concrete is None:
                    continue
                try:
                    with transaction.atomic():
                        visit = Visit(account, known)
                        response, body, statements = visit.ask("GET", concrete)
                        seen("GET", path, name, response, statements, account, table, concrete)
                        if response is not None and response.status_code == 405:
                            seen("POST", path, name, None, [], account, table, concrete)
                        if (
                            response is not None
                            and response.status_code == 200
                            and "html" in response.get("Content-Type", "")
                        ):
                            page = Forms()
                            page.feed(body)
                            for form in page.forms:
                                action = (form["action"] or concrete).split("?")[0]
                                forms.setdefault(action, form)
                                target = route_of(action)
                                done = (
                                    account.pk if account is not None else None,
                                    action if not values else target and target[0],
                                )
                                if target is None or form["method"] != "POST" or "logout" in action or done in forms:
                                    continue
                                forms[done] = form
                                for number in range(4):
                                    data = form_data(form["fields"], known, number, target)
                                    send(visit, target, action, data, account, table, seen, route_of)
                        raise _RollBackError
                except _RollBackError:
                    pass
                good += response is not None and response.status_code == 200
                if good == ROWS_A_PAGE or (response is not None and response.status_code in (302, 401, 403, 405)):
                    break
    return [{**one, "statements": list(one["statements"].values())} for one in routes.values()]


def send(visit, target, action, data, account, table, seen, route_of):
    """Send a form, and look at where it leads; what it changed is undone before the next."""
    try:
        with transaction.atomic():
            _send(visit, target, action, data, account, table, seen, route_of)
            raise _RollBackError
    except _RollBackError:
        pass


def _send(visit, target, action, data, account, table, seen, route_of):
    path, name, _ = target
    response, _, statements = visit.ask("POST", action, data)
    seen("POST", path, name, response, statements, account, table, action)
    if response is not None and response.status_code in (301, 302, 303):
        onwards = re.sub(r"^https?://[^/]+", "", response["Location"]).split("?")[0]
        after = route_of(onwards)
        if after is not None:
            response, _, statements = visit.ask("GET", onwards)
            seen("GET", after[0], after[1], response, statements, account, None, onwards)


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    result = probe()
    sys.stdout.write(json.dumps({"django": django.get_version(), "routes": result}))
