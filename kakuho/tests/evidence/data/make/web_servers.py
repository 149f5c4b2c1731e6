"""Makes the samples of web logs again: nginx, Apache and HAProxy run here, on 127.0.0.1, and get the same requests.

    apt-get install nginx-light apache2-bin haproxy
    python kakuho/tests/evidence/data/make/web_servers.py

The same request is logged by nginx in six formats and by Apache in three, so that what is read from each can be compared.
The versions that wrote the samples in the repository: nginx 1.22.1, Apache 2.4.71, HAProxy 2.6 (Debian 12).
"""

# ruff: noqa: E501 - lines of logs and configurations

from __future__ import annotations

import base64
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

DATA = Path(__file__).resolve().parents[1]
PLAIN = b"Host: www.example.jp\r\nUser-Agent: Mozilla/5.0 (X11)\r\n"
USER = base64.b64encode(b"tanaka taro:secret")

REQUESTS: list[bytes] = [
    b"GET /mypage/?a=1&b=2 HTTP/1.1\r\n" + PLAIN + b"Referer: http://www.example.jp/login\r\n",
    b"GET /search?q=%E5%B1%B1%E7%94%B0 HTTP/1.1\r\n" + PLAIN + b"X-Forwarded-For: 203.0.113.9, 198.51.100.7\r\n",
    b'GET /nothing HTTP/1.1\r\nHost: h\r\nUser-Agent: has "quotes" and \\ in it\r\n',
    b"POST /form?x HTTP/1.1\r\n" + PLAIN + b"Content-Type: text/plain\r\nContent-Length: 5\r\n",
    b"GET /login HTTP/1.1\r\n" + PLAIN + b"Authorization: Basic " + USER + b"\r\n",
    "GET /全角?q=ａ HTTP/1.1\r\n".encode() + PLAIN,
    b"GET /\x8c\x9f\x8d\xf5?q=\x93\xfa\x96{ HTTP/1.1\r\n" + PLAIN,
    b"GET /a?b?c=%27%20or%201=1--%22 HTTP/1.0\r\n",
    b"GET /" + b"long" * 3000 + b" HTTP/1.1\r\n" + PLAIN,
    b"DELETE /x HTTP/1.1\r\nHost: h\r\n",
    b"GET /no-protocol\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(40, 90)),
    b"\r\n",
    b"hello",
]

NGINX = r"""
daemon off; pid nginx.pid; error_log error.log info; worker_processes 1;
events { worker_connections 64; }
http {
  log_format main '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" '
                  '"$http_user_agent" "$http_x_forwarded_for"';
  log_format timed '$remote_addr:$remote_port $msec [$time_iso8601] "$request" $status $bytes_sent $request_length '
                   'rt=$request_time host="$host" "$http_referer" "$http_user_agent"';
  log_format parts escape=none '$time_iso8601|$remote_addr|$request_method|$request_uri|$server_protocol|$status';
  log_format object escape=json '{"time_iso8601":"$time_iso8601","remote_addr":"$remote_addr","remote_user":"$remote_user",'
                   '"request":"$request","status":$status,"body_bytes_sent":$body_bytes_sent,"request_time":$request_time,'
                   '"http_referer":"$http_referer","http_user_agent":"$http_user_agent","http_x_forwarded_for":"$http_x_forwarded_for"}';
  access_log combined.log combined; access_log main.log main; access_log timed.log timed; access_log parts.log parts;
  access_log object.log object;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  server { listen 127.0.0.1:@PORT@; root html; location /mypage/ { return 200 "ok"; } }
}
"""

APACHE = r"""
ServerRoot "@FOLDER@"
Listen 127.0.0.1:@PORT@
ServerName www.example.jp
PidFile @FOLDER@/apache.pid
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
DocumentRoot "@FOLDER@/html"
ErrorLog @FOLDER@/error.log
LogLevel info
LogFormat "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\"" combined
LogFormat "%v:%p %h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\"" vhost_combined
LogFormat "%{%Y-%m-%d %H:%M:%S}t.%{usec_frac}t %a %{remote}p \"%m %U%q %H\" %s %I %O %D \"%{X-Forwarded-For}i\" %X" custom
CustomLog @FOLDER@/combined.log combined
CustomLog @FOLDER@/vhost_combined.log vhost_combined
CustomLog @FOLDER@/custom.log custom
"""

HAPROXY = """
global
  log 127.0.0.1:@LOG@ len 16384 local0
defaults
  log global
  mode http
  timeout connect 1s
  timeout client 2s
  timeout server 2s
frontend web
  bind 127.0.0.1:@PORT@
  option httplog
  capture request header Host len 40
  capture request header User-Agent len 80
  default_backend site
backend site
  server none 127.0.0.1:1
frontend raw
  mode tcp
  option tcplog
  bind 127.0.0.1:@TCP@
  default_backend raw_site
backend raw_site
  mode tcp
  server none 127.0.0.1:1
"""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Until somebody listens."""
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(port)


def send_requests(port: int) -> None:
    """All requests, one connection each."""
    for request in REQUESTS:
        head = request if request.startswith((b"\x16", b"\r\n", b"hello")) or b" HTTP/" not in request else None
        data = (
            head
            if head is not None
            else request + b"Connection: close\r\n\r\n" + (b"a=b&c" if b"POST" in request else b"")
        )
        with socket.create_connection(("127.0.0.1", port), timeout=3) as connection:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            try:
                while connection.recv(65536):
                    pass
            except OSError:
                pass


def run(command: list[str], folder: Path, port: int, act: Callable[[int], None]) -> None:
    """A server for as long as ``act`` takes."""
    server = subprocess.Popen(command, cwd=folder)
    try:
        wait_for(port)
        act(port)
        time.sleep(0.5)
    finally:
        server.terminate()
        server.wait(20)


def keep(folder: Path, program: str, names: list[str]) -> None:
    """The logs as samples; what they say of this machine (its paths, its kernel) replaced."""
    for name in names:
        text = (folder / name).read_bytes().replace(str(folder).encode(), b"/srv")
        (DATA / program / name).write_bytes(re.sub(rb"OS: Linux \S+", b"OS: Linux", text))


def make_nginx(folder: Path) -> None:
    """nginx's logs."""
    port = free_port()
    (folder / "html").mkdir()
    (folder / "nginx.conf").write_text(NGINX.replace("@PORT@", str(port)))
    run(["nginx", "-p", str(folder), "-c", "nginx.conf"], folder, port, send_requests)
    keep(folder, "nginx", ["combined.log", "main.log", "timed.log", "parts.log", "object.log", "error.log"])


def make_apache(folder: Path) -> None:
    """Apache's logs."""
    port = free_port()
    (folder / "html").mkdir()
    (folder / "apache.conf").write_text(APACHE.replace("@PORT@", str(port)).replace("@FOLDER@", str(folder)))
    run(["apache2", "-f", str(folder / "apache.conf"), "-DFOREGROUND"], folder, port, send_requests)
    keep(folder, "apache", ["combined.log", "vhost_combined.log", "custom.log", "error.log"])


def make_haproxy(folder: Path) -> None:
    """HAProxy's log, as a syslog daemon that adds nothing would write it."""
    port, tcp, log = free_port(), free_port(), free_port()
    settings = HAPROXY.replace("@PORT@", str(port)).replace("@TCP@", str(tcp)).replace("@LOG@", str(log))
    (folder / "haproxy.cfg").write_text(settings)
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.bind(("127.0.0.1", log))
    receiver.settimeout(1)
    lines: list[bytes] = []
    done = threading.Event()

    def receive() -> None:
        while not done.is_set():
            try:
                lines.append(receiver.recv(65536).partition(b">")[2].rstrip(b"\n"))
            except TimeoutError:
                continue

    thread = threading.Thread(target=receive)
    thread.start()

    def act(port: int) -> None:
        send_requests(port)
        with socket.create_connection(("127.0.0.1", tcp), timeout=5) as connection:
            connection.sendall(b"x")
            connection.recv(10)

    run(["haproxy", "-f", str(folder / "haproxy.cfg"), "-db"], folder, port, act)
    done.set()
    thread.join()
    (DATA / "haproxy" / "haproxy.log").write_bytes(b"".join(line + b"\n" for line in lines))


def main() -> None:
    """All of them."""
    for program, make in (("nginx", make_nginx), ("apache", make_apache), ("haproxy", make_haproxy)):
        (DATA / program).mkdir(exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="kakuho-sample-"))
        folder.chmod(0o755)
        try:
            make(folder)
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
