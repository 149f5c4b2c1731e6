"""What the inventory's access paths say about the web: where one logs in, and which database role serves it."""

from __future__ import annotations

from kakuho.detection.sqltext import any_of, literals
from kakuho.inventory import AccessPath, Inventory

LOGIN_PATHS = (r"/log-?in(?:/|$)", r"/sign-?in(?:/|$)")
"""Where people log in, if the inventory does not say (``login: true`` on a route)."""


def routes(inventory: Inventory) -> list[AccessPath]:
    return [path for path in inventory.access_paths if path.kind == "route" and path.path is not None]


def is_login(inventory: Inventory) -> str:
    """A condition over ``http_activity``: this request tries to log in."""
    declared = [path.path for path in routes(inventory) if path.login and path.path is not None]
    return f"(method = 'POST' AND {any_of('url_path', declared or LOGIN_PATHS)})"


def web_roles(inventory: Inventory) -> list[str]:
    """The database roles that the application uses; none where the inventory does not say."""
    direct = {path.database_role for path in routes(inventory) if path.database_role is not None}
    through = {path.role for path in inventory.access_paths if path.through and path.role not in (None, "*")}
    return sorted(direct | {role for role in through if role is not None})


def by_web_role(inventory: Inventory) -> str:
    """A condition over ``datastore_activity``: the application's role sent this; any role where none is declared."""
    roles = web_roles(inventory)
    return f"db_user IN ({literals(roles)})" if roles else "true"


def injectable(inventory: Inventory) -> list[str]:
    """Paths of the routes whose SQL the inventory shows, with parameters pasted into it."""
    return [path.path for path in routes(inventory) if path.sql and path.parameters and path.path]
