"""Makes ModSecurity's audit logs again: Apache with mod_security2 runs here, on 127.0.0.1, once for each form.

    apt-get install apache2-bin libapache2-mod-security2
    python kakuho/tests/evidence/data/make/modsecurity.py [MODULE]

Both forms get the same requests, those of ``web_servers.py`` and two more: an injected GET and a POST whose body and
answer are kept. ``MODULE`` is the path of ``mod_security2.so`` where it is not installed. The versions that wrote the
samples in the repository: Apache 2.4.71, ModSecurity 2.9.7 (Debian 12).
"""

from __future__ import annotations

import socket
import sys
import tempfile
from pathlib import Path

from web_servers import DATA, free_port, run, send_requests  # type: ignore[import-not-found]

MODULE = "/usr/lib/apache2/modules/mod_security2.so"
INJECTED = (
    b"GET /legacy/lookup?no=1%27%20UNION%20SELECT%20NULL--%20 HTTP/1.1\r\nHost: www.example.jp\r\n"
    b"User-Agent: sqlmap/1.9\r\nConnection: close\r\n\r\n"
)
BODY = "name=山田&no=1' AND 1=1-- ".encode()
POSTED = (
    b"POST /form.txt HTTP/1.1\r\nHost: www.example.jp\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(BODY), BODY)
)
APACHE = r"""
ServerRoot "@FOLDER@"
Listen 127.0.0.1:@PORT@
ServerName www.example.jp
PidFile @FOLDER@/apache.pid
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule unique_id_module /usr/lib/apache2/modules/mod_unique_id.so
LoadModule security2_module @MODULE@
DocumentRoot "@FOLDER@/html"
ForceType "text/plain; charset=utf-8"
ErrorLog @FOLDER@/error.log
SecRuleEngine DetectionOnly
SecRequestBodyAccess On
SecResponseBodyAccess On
SecResponseBodyMimeType (null) text/plain text/html
SecAuditEngine On
SecAuditLogParts ABCEFHJKZ
SecAuditLogType Serial
SecAuditLogFormat @FORM@
SecAuditLog @FOLDER@/audit.log
SecRule ARGS "@detectSQLi" "id:100,phase:2,log,pass,severity:CRITICAL,msg:'SQL injection'"
SecRule REQUEST_HEADERS:User-Agent "@contains sqlmap" "id:101,phase:1,log,deny,status:403,msg:'scanner'"
"""


def more_requests(port: int) -> None:
    """The requests that every web server here gets, and the two that a rule matches."""
    send_requests(port)
    for request in (INJECTED, POSTED):
        with socket.create_connection(("127.0.0.1", port), timeout=3) as connection:
            connection.sendall(request)
            while connection.recv(65536):
                pass


def make(form: str, name: str, module: str) -> None:
    """One form's log as a sample; the paths of this machine replaced."""
    with tempfile.TemporaryDirectory() as given:
        folder = Path(given)
        folder.chmod(0o755)
        (folder / "html").mkdir()
        (folder / "html" / "form.txt").write_text("受け付けました。\n", encoding="utf-8")
        port = free_port()
        text = APACHE.replace("@PORT@", str(port)).replace("@FOLDER@", given).replace("@MODULE@", module)
        (folder / "apache.conf").write_text(text.replace("@FORM@", form))
        run(["apache2", "-f", str(folder / "apache.conf"), "-DFOREGROUND"], folder, port, more_requests)
        log = (folder / "audit.log").read_bytes().replace(given.encode(), b"/srv")
    (DATA / "modsecurity" / name).write_bytes(log)


if __name__ == "__main__":
    (DATA / "modsecurity").mkdir(exist_ok=True)
    for known in (("Native", "native.log"), ("JSON", "json.log")):
        make(*known, sys.argv[1] if len(sys.argv) > 1 else MODULE)
