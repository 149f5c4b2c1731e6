"""The web servers in front of the shop, and the access logs that they write.

The way is client → Apache → nginx → gunicorn, as far as the first two are installed, so one attack is in several logs:

- Apache: the stamp is the request's begin, the line is written at its end; combined, and with `%D` (microseconds);
- nginx: the stamp is the request's end; combined, and with `$request_time` (seconds, three decimals);
- gunicorn, only where neither is there: as nginx, the duration in seconds.

The client's own address reaches each of them (X-Forwarded-For, trusted from 127.0.0.0/8).
"""

import getpass
import os
import shutil
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from drills.loopback import TARGET
from drills.processes import Processes, ProgramError, last_words

_START_LIMIT_SECONDS = 30.0
_ADMINISTRATORS_PATH = "/usr/sbin:/usr/local/sbin"
_MODULES = Path("/usr/lib/apache2/modules")

_NGINX = """\
{user}worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log warn;
events {{ worker_connections 512; }}
http {{
  log_format combined_time '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent '
                           '"$http_referer" "$http_user_agent" $request_time';
  access_log {folder}/nginx.log combined;
  access_log {folder}/nginx-time.log combined_time;
  set_real_ip_from 127.0.0.0/8;
  real_ip_header X-Forwarded-For;
  large_client_header_buffers 8 64k;
  client_body_temp_path {folder}/nginx-body;
  proxy_temp_path {folder}/nginx-proxy;
  fastcgi_temp_path {folder}/nginx-fastcgi;
  uwsgi_temp_path {folder}/nginx-uwsgi;
  scgi_temp_path {folder}/nginx-scgi;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://127.0.0.1:{behind};
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_read_timeout 120s;
    }}
  }}
}}
"""
_APACHE = """\
ServerRoot {folder}
ServerName 127.0.0.1
PidFile {folder}/apache.pid
DefaultRuntimeDir {folder}
Listen 127.0.0.1:{port}
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule proxy_module {modules}/mod_proxy.so
LoadModule proxy_http_module {modules}/mod_proxy_http.so
StartServers 1
ServerLimit 1
ThreadsPerChild 25
MaxRequestWorkers 25
{user}LimitRequestLine 65000
AllowEncodedSlashes NoDecode
ErrorLog {folder}/apache-error.log
LogFormat "%h %l %u %t \\"%r\\" %>s %b \\"%{{Referer}}i\\" \\"%{{User-Agent}}i\\"" combined
LogFormat "%h %l %u %t \\"%r\\" %>s %b \\"%{{Referer}}i\\" \\"%{{User-Agent}}i\\" %D" combined_time
CustomLog {folder}/apache.log combined
CustomLog {folder}/apache-time.log combined_time
ProxyPass / http://127.0.0.1:{behind}/ nocanon
ProxyTimeout 120
"""
_GUNICORN_LOG = '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s" %(L)s'


@dataclass(frozen=True)
class Front:
    """`site` is where clients go; `logs` are the access logs by their name."""

    site: str
    logs: dict[str, Path]


def open_shop(processes: Processes, database_url: str, folder: Path) -> Front:
    """Start the shop and what stands before it; returns when the outermost server listens."""
    folder.mkdir(parents=True, exist_ok=True)
    port = _gunicorn(processes, database_url, folder)
    logs: dict[str, Path] = {}
    nginx = shutil.which("nginx") or shutil.which("nginx", path=_ADMINISTRATORS_PATH)
    if nginx is not None:
        port = _nginx(processes, nginx, folder, port)
        logs |= {"nginx": folder / "nginx.log", "nginx-time": folder / "nginx-time.log"}
    apache = shutil.which("apache2") or shutil.which("apache2", path=_ADMINISTRATORS_PATH)
    if apache is not None and _MODULES.is_dir():
        port = _apache(processes, apache, folder, port)
        logs |= {"apache": folder / "apache.log", "apache-time": folder / "apache-time.log"}
    return Front(f"http://{TARGET}:{port}", logs or {"gunicorn-time": folder / "gunicorn.log"})


def _gunicorn(processes: Processes, database_url: str, folder: Path) -> int:
    port = _free_port()
    program = processes.start(
        [sys.executable, "-m", "gunicorn", "drills.laboratory.shop:application", "--bind", f"{TARGET}:{port}",
         "--workers", "1", "--worker-class", "gthread", "--threads", "8", "--limit-request-line", "0",
         "--access-logfile", str(folder / "gunicorn.log"), "--access-logformat", _GUNICORN_LOG,
         "--log-level", "warning", "--no-control-socket"],
        folder / "gunicorn.out",
        os.environ | {"LAB_DATABASE": database_url},
    )  # fmt: skip
    return _when_it_listens(port, program.poll, folder / "gunicorn.out")


def _nginx(processes: Processes, program: str, folder: Path, behind: int) -> int:
    port = _free_port()
    user = f"user {getpass.getuser()};\n" if os.geteuid() == 0 else ""
    configuration = folder / "nginx.conf"
    configuration.write_text(_NGINX.format(user=user, folder=folder, port=port, behind=behind), encoding="utf-8")
    running = processes.start(
        [
            program,
            "-p",
            str(folder),
            "-e",
            str(folder / "nginx-error.log"),
            "-c",
            str(configuration),
            "-g",
            "daemon off;",
        ],
        folder / "nginx.out",
        os.environ,
    )
    return _when_it_listens(port, running.poll, folder / "nginx.out")


def _apache(processes: Processes, program: str, folder: Path, behind: int) -> int:
    port = _free_port()
    user = "User nobody\nGroup nogroup\n" if os.geteuid() == 0 else ""
    configuration = folder / "apache.conf"
    configuration.write_text(
        _APACHE.format(user=user, folder=folder, port=port, behind=behind, modules=_MODULES), encoding="utf-8"
    )
    running = processes.start([program, "-f", str(configuration), "-DFOREGROUND"], folder / "apache.out", os.environ)
    return _when_it_listens(port, running.poll, folder / "apache.out")


def _when_it_listens(port: int, ended: Callable[[], int | None], output: Path) -> int:
    limit = time.monotonic() + _START_LIMIT_SECONDS
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.settimeout(1.0)
            if probe.connect_ex((TARGET, port)) == 0:
                return port
        if ended() is not None or time.monotonic() > limit:
            words = output.read_text(encoding="utf-8", errors="replace")
            raise ProgramError(f"{output.stem} does not listen:\n{last_words(words)}")
        time.sleep(0.02)


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((TARGET, 0))
        port: int = probe.getsockname()[1]
        return port
