"""gunicorn, the way petinsurance runs it: one access log in the combined format plus the response time.

Only environment variables pass from here to the application; nothing of Django is imported.
"""

import os
import sys
from ipaddress import ip_address
from pathlib import Path

ACCESS_LOG_FORMAT = '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s" %(D)s'


def command(host: str, port: int, log_dir: Path, workers: int, threads: int) -> list[str]:
    return [
        *(sys.executable, "-m", "gunicorn", "petinsurance.wsgi:application"),
        *("--bind", f"{host}:{port}"),
        *("--workers", str(workers), "--worker-class", "gthread", "--threads", str(threads)),
        *("--access-logfile", str(log_dir / "access.log"), "--access-logformat", ACCESS_LOG_FORMAT),
        *("--log-level", "warning", "--no-control-socket"),
    ]


def environment(host: str, log_dir: Path, settings_module: str) -> dict[str, str]:
    """The process's own environment, completed. Loopback is served without TLS; anything else is not."""
    completed = os.environ | {"DJANGO_SETTINGS_MODULE": settings_module, "PYTHONUNBUFFERED": "1"}
    completed.setdefault("PETINSURANCE_LEDGER_DIR", str(log_dir / "ledger"))
    if ip_address(host).is_loopback:
        completed.setdefault("PETINSURANCE_PLAIN_HTTP", "1")
    return completed
