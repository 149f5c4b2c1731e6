"""Drafted routes as the ``access_paths`` of an inventory; what nobody saw answered stays a comment, so that it
widens."""

from __future__ import annotations

from typing import Any

import yaml

from kakuho.inventory.routes.drafting import DraftedRoute
from kakuho.language import Language


def routes_text(drafted: list[DraftedRoute], language: Language) -> str:
    """YAML to be put into the inventory."""
    at = 0 if language == "ja" else 1
    lines = ["access_paths:"]
    for one in drafted:
        entry: dict[str, Any] = {
            "id": one.path.id,
            "kind": "route",
            "methods": list(one.path.methods),
            "path": one.path.path,
        }
        if one.path.principal is not None:
            entry["principal"] = one.path.principal
        if one.path.parameters:
            entry["parameters"] = list(one.path.parameters)
        if one.path.shows:
            entry["shows"] = [shows.model_dump(exclude_defaults=True, mode="json") for shows in one.path.shows]
        elif one.path.returns:
            entry["returns"] = one.path.returns
        entry["witnesses"] = list(one.path.witnesses)
        written = yaml.safe_dump([entry], allow_unicode=True, sort_keys=False, width=100_000, default_flow_style=None)
        mark = "" if one.sure else "# "
        lines.append(f"# {one.confidence:.2f}: {one.why[at]}")
        lines += [mark + line for line in written.rstrip("\n").split("\n")]
    return "\n".join(lines) + "\n"
