"""契約者一覧のCSV出力（旧）: written for a campaign long ago, for staff only, and not instrumented by the ledger.

The template in `export/inventory.yaml` must stay the very text of `EXPORT`.
"""

import csv

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from petinsurance.accounts.models import Account, Role

EXPORT = (
    "SELECT id, name, kana, postal_code, address, phone, email FROM policyholder"
    " WHERE id BETWEEN {first} AND {last} ORDER BY id"
)
_STAFF = {Role.CALL_CENTRE, Role.ADJUSTER, Role.LIABILITY_HANDLER}


@require_safe
def policyholders(request: HttpRequest) -> HttpResponse:
    """The rows whose keys lie between `first` and `last`, as CSV with a head."""
    if not isinstance(request.user, Account) or request.user.role not in _STAFF:
        return HttpResponse(status=403)
    first, last = (request.GET.get(name, "") for name in ("first", "last"))
    if not (first.isdecimal() and last.isdecimal()):
        return HttpResponse(status=400)
    with connection.cursor() as cursor:
        cursor.execute(EXPORT.replace("{first}", first).replace("{last}", last))
        names = [column.name for column in cursor.description or ()]
        rows = cursor.fetchall()
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    writer = csv.writer(answer)
    writer.writerow(names)
    writer.writerows(rows)
    return answer
