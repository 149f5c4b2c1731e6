"""``kakuho investigate``: a person confirms or dismisses; what hangs together with it is worked out and told."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kakuho.case import Case
from kakuho.cli.context import JsonOption, current_case, settings
from kakuho.cli.investigate_view import draw
from kakuho.cli.output import emit, progress, text
from kakuho.detection.stage import inventory_of
from kakuho.engine.lake import connect
from kakuho.errors import UsageError
from kakuho.investigation.decisions import CONFIRMED_ACT, DISMISSED_ACT, PATH_ACT, Decisions, parse_indicator
from kakuho.investigation.indicators import occurs
from kakuho.investigation.responder import read_path_decisions
from kakuho.investigation.stage import ensure_investigation
from kakuho.language import Bilingual

TOGETHER = "all findings of high severity, confirmed together"

Acts = list[tuple[str, dict[str, str]]]


def investigate(
    ctx: typer.Context,
    *,
    confirm: Annotated[
        list[str] | None,
        typer.Option("--confirm", metavar="TYPE=VALUE", help="攻撃者の指標と確定。 / This is the attacker's."),
    ] = None,
    dismiss: Annotated[
        list[str] | None,
        typer.Option("--dismiss", metavar="TYPE=VALUE", help="攻撃者のものではないと判断。 / This is not."),
    ] = None,
    confirm_proposed: Annotated[
        bool,
        typer.Option("--confirm-proposed", help="重大度「高」の提案をすべて確定。 / Confirm all of high severity."),
    ] = False,
    decisions: Annotated[
        Path | None,
        typer.Option(
            "--decisions", metavar="FILE", help="経路の状態の判断（responder.toml）。 / States of access paths."
        ),
    ] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="判断した人。 / Who decides.")] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="判断の理由。 / Why.")] = None,
    as_json: JsonOption = False,
) -> None:
    """指標を確定・棄却し、攻撃者の行為を突き止めます。 / Decide on indicators; work out the attacker's acts."""
    case = current_case(ctx)
    with case.lock(), progress(ctx, text(ctx, ja="調査中", en="investigating")) as advance:
        inventory = inventory_of(case)
        acts = _on_indicators(confirm or [], dismiss or [], reason)
        if decisions is not None:
            acts += [(PATH_ACT, dict(one)) for one in read_path_decisions(decisions, inventory)]
        advance(0, 2)
        found = ensure_investigation(case)
        _check_known(case, found, acts)
        if confirm_proposed:
            acts += [
                (CONFIRMED_ACT, {"type": one["type"], "value": one["value"], "reason": reason or TOGETHER})
                for one in found["indicators"]
                if one["state"] == "proposed" and one["severity"] == "high" and one["findings"]
            ]
        new = _not_yet_decided(case, acts)
        advance(1, 2)
        if new:
            case.journal.append_all([*new], who=by or case.who)
            found = ensure_investigation(case)
        advance(2, 2)
    result = {**found, "decided_now": len(new), "attacker_events": _counts(case)}
    emit(
        ctx,
        result,
        lambda console: draw(console, result, language=settings(ctx).language, zone=case.settings.time_zone),
    )


def _on_indicators(confirm: list[str], dismiss: list[str], reason: str | None) -> Acts:
    """The decisions given on the command line; raises UsageError where one is no indicator or has no reason."""
    acts: Acts = []
    for option, act, given in (("--confirm", CONFIRMED_ACT, confirm), ("--dismiss", DISMISSED_ACT, dismiss)):
        for one in given:
            kind, value = parse_indicator(one, option=option)
            if not reason:
                raise UsageError(
                    Bilingual(ja="判断には理由が必要です。", en="a decision needs a reason"),
                    where=f"{option} {one}",
                    remedy=Bilingual(ja='--reason "…" を付けてください。', en='add --reason "…"'),
                )
            acts.append((act, {"type": kind, "value": value, "reason": reason}))
    decided = [f"{details['type']}={details['value']}" for _, details in acts]
    for one in decided:
        if decided.count(one) > 1:
            raise UsageError(
                Bilingual(ja="同じ指標に二つの判断があります。", en="the same indicator is decided twice"),
                where=one,
                remedy=Bilingual(ja="どちらか一つにしてください。", en="give one decision only"),
            )
    return acts


def _check_known(case: Case, found: dict[str, Any], acts: Acts) -> None:
    """Raise UsageError for an indicator that neither a proposal nor any event of this case shows."""
    known = {(one["type"], one["value"]) for one in found["indicators"]}
    asked = [
        (details["type"], details["value"])
        for act, details in acts
        if act in (CONFIRMED_ACT, DISMISSED_ACT) and (details["type"], details["value"]) not in known
    ]
    if not asked:
        return
    backend = connect(case)
    try:
        for kind, value in asked:
            if not occurs(backend.con, kind, value):
                raise UsageError(
                    Bilingual(
                        ja=f"この指標はどの証拠にも現れません: {kind}={value}",
                        en=f"no evidence shows this indicator: {kind}={value}",
                    ),
                    where="--confirm / --dismiss",
                    remedy=Bilingual(
                        ja="綴りを確かめるか、その記録を kakuho evidence add で加えてください。",
                        en="check its spelling, or add the log that shows it with kakuho evidence add",
                    ),
                )
    finally:
        backend.disconnect()


def _not_yet_decided(case: Case, acts: Acts) -> Acts:
    """Without those that the journal already holds as the last word."""
    decided = Decisions.of(case.journal.entries())
    new: Acts = []
    for act, details in acts:
        if act == PATH_ACT:
            path = decided.paths.get(details["id"])
            if path is not None and (path.state, path.basis) == (details["state"], details["basis"]):
                continue
        else:
            state = "confirmed" if act == CONFIRMED_ACT else "dismissed"
            one = decided.on(details["type"], details["value"])
            if one is not None and (one.state, one.reason) == (state, details["reason"]):
                continue
        new.append((act, details))
    return new


def _counts(case: Case) -> dict[str, dict[str, int]]:
    """Attacker events by table: how many are certain, how many are not."""
    backend = connect(case)
    try:
        rows = backend.con.sql(
            'SELECT "table", count(*) FILTER (certain), count(*) FILTER (NOT certain) FROM attacker_events '
            "GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    finally:
        backend.disconnect()
    return {table: {"certain": certain, "uncertain": uncertain} for table, certain, uncertain in rows}
