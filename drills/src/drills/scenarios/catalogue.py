"""The scenarios by name: who intrudes, and what petinsurance runs with."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from drills import export, forgotten_backups, legacy, open_api, over_network
from drills.scenarios.blind_injection import BlindInjection, TimedInjection
from drills.scenarios.credentials import Credentials
from drills.scenarios.enumeration import Enumeration
from drills.scenarios.export_download import ExportDownload
from drills.scenarios.injection import Injection
from drills.scenarios.intrusion import Ground, Intrusion
from drills.scenarios.stolen_backup import StolenBackup
from drills.scenarios.stolen_database import StolenDatabaseCredentials
from drills.scenarios.wiped_host import WipedHost

RESPONDER = Path(__file__).parents[1] / "responder"


@dataclass(frozen=True)
class Scenario:
    """One way in. `overlay`: what a responder adds to the inventory once the way in is known; `responder`: what a
    responder knows of paths that no log can show; `database_listens`: on 127.0.0.1 too, not only on its socket."""

    name: str
    summary: str
    settings: str
    overlay: Path | None
    responder: Path
    intrusion: Callable[[Ground], Intrusion]
    database_listens: bool = False


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
            "injection-blind",
            "真偽の問いだけで一文字ずつ読むSQLインジェクション / SQL injection by yes-or-no questions alone",
            "drills.legacy.settings",
            Path(legacy.__file__).parent / "inventory.yaml",
            RESPONDER / "host_untouched.toml",
            BlindInjection,
        ),
        Scenario(
            "injection-time",
            "応答の遅れだけで一文字ずつ読むSQLインジェクション / SQL injection by how long an answer takes",
            "drills.legacy.settings",
            Path(legacy.__file__).parent / "inventory.yaml",
            RESPONDER / "host_untouched.toml",
            TimedInjection,
        ),
        Scenario(
            "enumeration",
            "権限確認の抜けたAPIで、番号を順に変えて閲覧 / an API without a check of rights, asked key after key",
            "drills.open_api.settings",
            Path(open_api.__file__).parent / "inventory.yaml",
            RESPONDER / "host_untouched.toml",
            Enumeration,
        ),
        Scenario(
            "export-download",
            "職員アカウントを盗み、契約者一覧をCSVで取得 / a stolen staff account downloads policyholders as CSV",
            "drills.export.settings",
            Path(export.__file__).parent / "inventory.yaml",
            RESPONDER / "host_untouched.toml",
            ExportDownload,
        ),
        Scenario(
            "wiped-host",
            "ホストに入り、データベースを直接読み、その日々のログを消す / a host taken, the logs of some days wiped",
            "petinsurance.settings",
            None,
            RESPONDER / "host_taken.toml",
            WipedHost,
        ),
        Scenario(
            "stolen-database-credentials",
            "盗んだデータベースのパスワードで、psqlとpg_dumpを外から / a stolen database password, psql and pg_dump",
            "petinsurance.settings",
            Path(over_network.__file__).parent / "inventory.yaml",
            RESPONDER / "database_password_stolen.toml",
            StolenDatabaseCredentials,
            database_listens=True,
        ),
        Scenario(
            "stolen-backup",
            "ウェブに置き忘れた毎晩のバックアップを取得 / nightly backups left where the web gives them out",
            "drills.forgotten_backups.settings",
            Path(forgotten_backups.__file__).parent / "inventory.yaml",
            RESPONDER / "backups_exposed.toml",
            StolenBackup,
        ),
    )
}
