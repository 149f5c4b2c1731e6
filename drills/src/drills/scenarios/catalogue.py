"""The scenarios by name: who intrudes, and what petinsurance runs with."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from drills import legacy
from drills.scenarios.credentials import Credentials
from drills.scenarios.injection import Injection
from drills.scenarios.intrusion import Ground, Intrusion
from drills.scenarios.wiped_host import WipedHost

RESPONDER = Path(__file__).parents[1] / "responder"


@dataclass(frozen=True)
class Scenario:
    """One way in. `overlay`: what a responder adds to the inventory once the way in is known; `responder`: what a
    responder knows of paths that no log can show."""

    name: str
    summary: str
    settings: str
    overlay: Path | None
    responder: Path
    intrusion: Callable[[Ground], Intrusion]


SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario(
            "credentials",
            "パスワードリスト攻撃でマイページを閲覧 / credential stuffing, then reading My Pages",
            "petinsurance.settings",
            None,
            RESPONDER / "host_untouched.toml",
            Credentials,
        ),
        Scenario(
            "injection",
            "旧照会画面へのSQLインジェクション / SQL injection into a forgotten look-up",
            "drills.legacy.settings",
            Path(legacy.__file__).parent / "inventory.yaml",
            RESPONDER / "host_untouched.toml",
            Injection,
        ),
        Scenario(
            "wiped-host",
            "ホストに入り、データベースを直接読み、その日々のログを消す / a host taken, the logs of some days wiped",
            "petinsurance.settings",
            None,
            RESPONDER / "host_taken.toml",
            WipedHost,
        ),
    )
}
