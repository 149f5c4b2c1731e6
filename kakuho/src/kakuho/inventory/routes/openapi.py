"""Routes out of an OpenAPI 3 description: paths, parameters, and the names of properties in the answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from kakuho.errors import UsageError
from kakuho.inventory.classify.words import singular, words
from kakuho.inventory.model import AccessPath, Inventory, Shows
from kakuho.inventory.routes.drafting import DraftedRoute
from kakuho.language import Bilingual

METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
_DEEPEST = 12


def routes_of_openapi(path: Path, inventory: Inventory) -> list[DraftedRoute]:
    """One drafted path an operation. Raises UsageError where the file is no OpenAPI 3 description."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise _no_openapi(path) from error
    if (
        not isinstance(document, dict)
        or not str(document.get("openapi", "")).startswith("3")
        or not isinstance(document.get("paths"), dict)
    ):
        raise _no_openapi(path)
    base = _base(document)
    drafted: list[DraftedRoute] = []
    taken: set[str] = set()
    for template, operations in document["paths"].items():
        for method in METHODS:
            operation = operations.get(method) if isinstance(operations, dict) else None
            if isinstance(operation, dict):
                parameters = [*(operations.get("parameters") or []), *(operation.get("parameters") or [])]
                one = _draft(document, base + str(template), method, operation, parameters, inventory)
                identifier = one.path.id
                while identifier in taken:
                    identifier += "_"
                taken.add(identifier)
                drafted.append(
                    DraftedRoute(one.path.model_copy(update={"id": identifier}), one.sure, one.confidence, one.why)
                )
    return drafted


def _no_openapi(path: Path) -> UsageError:
    return UsageError(
        Bilingual(ja="OpenAPI 3 の記述ではありません。", en="not an OpenAPI 3 description"),
        where=str(path),
        remedy=Bilingual(
            ja="openapi: 3.x で始まる YAML か JSON を指定してください。",
            en="name a YAML or JSON file with openapi: 3.x",
        ),
    )


def _base(document: dict[str, Any]) -> str:
    servers = document.get("servers") or [{}]
    url = str(servers[0].get("url") or "") if isinstance(servers[0], dict) else ""
    return re.sub(r"^[a-z]+://[^/]+", "", url).rstrip("/")


def _draft(
    document: dict[str, Any],
    template: str,
    method: str,
    operation: dict[str, Any],
    parameters: list[Any],
    inventory: Inventory,
) -> DraftedRoute:
    given = [_resolved(document, one) for one in parameters]
    kinds = {one.get("name"): _resolved(document, one.get("schema") or {}) for one in given if one.get("in") == "path"}
    pattern = f"^{_pattern(template, kinds)}$"
    found, open_ended = _properties(document, operation)
    shows = _shows(template, found, inventory)
    secured = operation.get("security", document.get("security"))
    path = AccessPath(
        id="api." + re.sub(r"\W+", "_", str(operation.get("operationId") or method + template)).strip("_"),
        kind="route",
        methods=(method.upper(),),
        path=pattern,
        principal="api" if secured else None,
        shows=shows,
        returns=None if shows else "nothing",
        parameters=tuple(str(one["name"]) for one in given if one.get("in") == "query" and one.get("name")),
        witnesses=("access_log",),
    )
    if open_ended:
        return DraftedRoute(
            path, bool(shows), 0.3, ("応答の型に自由な部分がある", "a part of the answer's schema says nothing")
        )
    if shows:
        return DraftedRoute(path, True, 0.7, ("応答の型の名前から", "by the names in the answer's schema"))
    return DraftedRoute(path, True, 0.6, ("応答の型に個人の項目がない", "no personal item in the answer's schema"))


def _pattern(template: str, kinds: dict[Any, dict[str, Any]]) -> str:
    parts = []
    for part in re.split(r"(\{[^}]+\})", template):
        if part.startswith("{"):
            name = part[1:-1]
            number = kinds.get(name, {}).get("type") in ("integer", "number")
            group, values = re.sub(r"\W", "_", name), r"\d+" if number else "[^/]+"
            parts.append(f"(?P<{group}>{values})")
        else:
            parts.append(re.escape(part).replace("\\-", "-"))
    return "".join(parts)


def _resolved(document: dict[str, Any], node: Any) -> dict[str, Any]:
    """``node``, or what its ``$ref`` in this document leads to."""
    for _ in range(_DEEPEST):
        if not isinstance(node, dict) or "$ref" not in node:
            break
        target: Any = document
        for part in str(node["$ref"]).removeprefix("#/").split("/"):
            target = target.get(part.replace("~1", "/").replace("~0", "~"), {}) if isinstance(target, dict) else {}
        node = target
    return node if isinstance(node, dict) else {}


def _properties(document: dict[str, Any], operation: dict[str, Any]) -> tuple[set[tuple[str, str]], bool]:
    """(name of the schema around it, property) of every property of a successful answer; and whether a part is
    open-ended."""
    found: set[tuple[str, str]] = set()
    open_ended = False
    for status, answer in (operation.get("responses") or {}).items():
        if not str(status).startswith(("2", "d")):
            continue
        for content in (_resolved(document, answer).get("content") or {}).values():
            schema = content.get("schema") if isinstance(content, dict) else None
            if not schema:
                open_ended = True
                continue
            for around, name, free in _walk(document, schema, "", 0):
                open_ended |= free
                if name:
                    found.add((around, name))
    return found, open_ended


def _walk(document: dict[str, Any], schema: Any, around: str, depth: int) -> Iterator[tuple[str, str, bool]]:
    if depth > _DEEPEST or not isinstance(schema, dict):
        return
    if "$ref" in schema:
        around = str(schema["$ref"]).rpartition("/")[2]
    schema = _resolved(document, schema)
    for key in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(key) or []:
            yield from _walk(document, part, around, depth + 1)
    if "items" in schema:
        yield from _walk(document, schema["items"], around, depth + 1)
    if schema.get("additionalProperties"):
        yield around, "", True
    properties = schema.get("properties") or {}
    if (
        schema.get("type") == "object"
        and not properties
        and not any(key in schema for key in ("allOf", "anyOf", "oneOf"))
    ):
        yield around, "", True
    for name, inner in properties.items():
        yield around, str(name), False
        yield from _walk(document, inner, around, depth + 1)


def _shows(template: str, found: set[tuple[str, str]], inventory: Inventory) -> tuple[Shows, ...]:
    """Properties → items, through the collection that the schema's or the path's name is like."""
    grouped: dict[str, set[str]] = {}
    for around, name in sorted(found):
        for collection in _collections(around, template, inventory):
            item = next(
                (field.item for field in collection.fields if field.item and words(field.name) == words(name)), None
            )
            if item is not None:
                for record in inventory.records_of(collection.name):
                    grouped.setdefault(record, set()).add(item)
                break
    order = [item.id for item in inventory.items]
    return tuple(Shows(collection=name, items=tuple(sorted(items, key=order.index))) for name, items in grouped.items())


def _collections(around: str, template: str, inventory: Inventory) -> list[Any]:
    """Personal collections, those of the schema's name first, then those of the path, then all."""

    def likeness(name: str) -> tuple[int, int]:
        own = {singular(word) for word in words(name)}
        return (
            -len(own & {singular(word) for word in words(around)}),
            -len(own & {singular(word) for word in words(template)}),
        )

    return sorted(inventory.personal(), key=lambda one: likeness(one.name))
