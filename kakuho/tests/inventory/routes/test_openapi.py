"""Routes out of an OpenAPI description."""

from __future__ import annotations

from pathlib import Path

import pytest

from kakuho.errors import UsageError
from kakuho.inventory import load_inventory
from kakuho.inventory.routes.openapi import routes_of_openapi
from kakuho.inventory.routes.text import routes_text

INVENTORY = """\
inventory: 1
system: shop
categories:
- {id: customer, kind: person, label: {ja: 顧客, en: Customers}}
items:
- {id: name, data_category: user.name, label: {ja: 氏名, en: name}}
- {id: email, data_category: user.contact.email, label: {ja: メール, en: e-mail}}
dataset:
- fides_key: shop
  collections:
  - name: customers
    kakuho: {key: id, record_of: customer}
    fields:
    - {name: id, data_categories: [system.operations]}
    - {name: full_name, data_categories: [user.name], kakuho: {item: name}}
    - {name: email, data_categories: [user.contact.email], kakuho: {item: email}}
"""
OPENAPI = """\
openapi: 3.0.3
info: {title: shop, version: "1"}
servers: [{url: https://shop.example/api}]
security: [{key: []}]
paths:
  /customers/{customerId}:
    parameters: [{name: customerId, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: getCustomer
      responses:
        "200": {content: {application/json: {schema: {$ref: '#/components/schemas/Customer'}}}}
        "404": {description: none}
  /health:
    get:
      security: []
      parameters: [{name: verbose, in: query, schema: {type: boolean}}]
      responses: {"200": {content: {application/json: {schema: {type: object, properties: {ok: {type: boolean}}}}}}}
  /search/{term}:
    get: {responses: {"200": {content: {application/json: {schema: {type: object}}}}}}
components:
  schemas:
    Customer:
      allOf:
      - {type: object, properties: {id: {type: integer}, fullName: {type: string}}}
      - {type: object, properties: {contact: {type: object, properties: {email: {type: string}}}}}
"""


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_operations_become_access_paths(tmp_path: Path) -> None:
    inventory = load_inventory(written(tmp_path, "inventory.yaml", INVENTORY))
    customer, health, search = routes_of_openapi(written(tmp_path, "openapi.yaml", OPENAPI), inventory)
    assert customer.path.path == r"^/api/customers/(?P<customerId>\d+)$"
    assert [(shows.collection, shows.items) for shows in customer.path.shows] == [("customers", ("name", "email"))]
    assert customer.path.principal == "api"
    assert (health.path.principal, health.path.returns, health.path.parameters) == (None, "nothing", ("verbose",))
    assert search.path.path == "^/api/search/(?P<term>[^/]+)$"
    assert not search.sure


def test_what_is_not_sure_is_only_a_comment_and_the_rest_goes_into_the_inventory(tmp_path: Path) -> None:
    inventory = load_inventory(written(tmp_path, "inventory.yaml", INVENTORY))
    text = routes_text(routes_of_openapi(written(tmp_path, "openapi.yaml", OPENAPI), inventory), "ja")
    again = load_inventory(written(tmp_path, "again.yaml", INVENTORY + text))
    assert [path.id for path in again.access_paths] == ["api.getCustomer", "api.get_api_health"]
    assert "# - id: api.get_api_search_term" in text


@pytest.mark.parametrize("text", ["swagger: '2.0'\npaths: {}\n", "[", "openapi: 3.0.0\n"])
def test_anything_else_is_refused(tmp_path: Path, text: str) -> None:
    inventory = load_inventory(written(tmp_path, "inventory.yaml", INVENTORY))
    with pytest.raises(UsageError, match="not an OpenAPI 3 description"):
        routes_of_openapi(written(tmp_path, "openapi.yaml", text), inventory)
