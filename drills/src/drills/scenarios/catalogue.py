"""The scenarios by name: who intrudes, and what petinsurance runs with."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from drills import legacy
from drills.scenarios.credentials import Credentials
from drills.scenarios.injection import Injection
from drills.scenarios.intrusion import Ground, Intrusion


@dataclass(frozen=True)
class Scenario:
    """One way in. `overlay`: what a responder adds to the inventory once the way in is known."""

    name: str
    summary: str
    settings: str
    overlay: Path | None
    intrusion: Callable[[Ground], Intrusion]


SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario(
            "credentials",
            "パスワードリスト攻撃でマイページを閲覧 / credential stuffing, then reading My Pages",
            "petinsurance.settings",
            None,
            Credentials,
        ),
        Scenario(
            "injection",
            "旧照会画面へのSQLインジェクション / SQL injection into a forgotten look-up",
            "drills.legacy.settings",
            Path(legacy.__file__).parent / "inventory.yaml",
            Injection,
        ),
    )
}
