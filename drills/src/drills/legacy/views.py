"""契約状況照会（旧）: the state of a policy by its number, as somebody wrote it long ago and nobody took down.

The number is pasted into the SQL, and the page is not instrumented by the disclosure ledger: both are the point.
The template in `legacy/inventory.yaml` must stay the very text of `LOOKUP`.
"""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join

LOOKUP = (
    "SELECT p.policy_number, p.plan, p.status, p.starts_on, p.ends_on, h.name"
    " FROM policy p JOIN policyholder h ON h.id = p.policyholder_id"
    " WHERE p.policy_number = '{no}'"
)
HEADINGS = ("証券番号", "プラン", "契約状況", "始期", "満期", "契約者")


def policy_status(request: HttpRequest) -> HttpResponse:
    """Every row of the result as a row of a table; no row: a page that says so; an SQL error: a bare 500."""
    statement = LOOKUP.replace("{no}", request.GET.get("no", ""))
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            rows = cursor.fetchall()
    except DatabaseError:
        return _page("<p>ただいまご利用いただけません。</p>", status=500)
    if not rows:
        return _page("<p>該当する契約はありません。</p>")
    head = format_html_join("", "<th>{}</th>", ((heading,) for heading in HEADINGS))
    lines = format_html_join(
        "\n",
        "<tr>{}</tr>",
        ((format_html_join("", "<td>{}</td>", (("" if cell is None else cell,) for cell in row)),) for row in rows),
    )
    return _page(format_html("<table>\n<tr>{}</tr>\n{}\n</table>", head, lines))


def _page(content: str, status: int = 200) -> HttpResponse:
    return HttpResponse(
        f'<!doctype html>\n<html lang="ja">\n<title>契約状況照会</title>\n<h1>契約状況照会</h1>\n{content}\n</html>\n',
        status=status,
    )
