"""sqlmap's traffic file, as version 1.10 writes it."""

from pathlib import Path

from drills.truth.traffic_file import bodies

FILE = """\
HTTP request [#1]:
GET /legacy/policy-status?no=P1 HTTP/1.1
Host: 127.0.0.1:8999

HTTP response [#1] (200 OK):
Server: gunicorn
URI: http://127.0.0.1:8999/legacy/policy-status?no=P1

<!doctype html>

<p>一</p>


############################################################################

HTTP request [#2]:
GET /legacy/policy-status?no=P1' HTTP/1.1
Host: 127.0.0.1:8999

HTTP response [#2] (500 Internal Server Error):
Server: gunicorn

<p>二</p>


############################################################################

"""


def test_each_answer_with_its_status_and_body(tmp_path: Path) -> None:
    file = tmp_path / "traffic.txt"
    file.write_text(FILE, encoding="utf-8")
    assert [(status, body.strip()) for status, body in bodies(file)] == [
        (200, "<!doctype html>\n\n<p>一</p>"),
        (500, "<p>二</p>"),
    ]
