"""What of a page can have gone out with an answer, by the facts of HTTP (RFC 9110) and of how servers log them.

| answer | what went out |
|---|---|
| to HEAD (section 9.3.2); 1xx, 204, 205, 304 (15.2, 15.3.5, 15.3.6, 15.4.5) | nothing: they have no content |
| of 0 bytes (Apache ``%b``, nginx ``$body_bytes_sent``) | nothing, but for 200 and 206 (below) |
| of which no size is logged | anything |
| 2xx | the page |
| 206 (14.2, 15.3.7); 408, and nginx's 499, with bytes | a part of the page, which part is not logged |
| 401, 403, 404, 405, 406, 410 … 417, 426, 428, 429, 431, 451, 501 … 505 | nothing: refused before a page was made |
| 3xx of up to 1,024 bytes, or of which no size is logged | nothing: "a short hypertext note with a hyperlink" (15.4) |
| longer 3xx; 400, 409, 422, 500 and all others | the page with what was wrong: as much as it shows at most |

A program that goes on to print the page after it has redirected (CWE-698), a form that comes back with its values, a
traceback: such answers show values under a status that is no success. An inventory whose ``error_pages`` is ``nothing``
says that this system's do not. What an answer of status 200 that broke off left out, its size does not tell: it
counts whole. So does one of 0 bytes: gunicorn logs 0 for a file that the kernel sends (``wsgi.file_wrapper``).
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

WHOLE, PART, ERROR = "whole", "part", "error"
NOTE = 1_024
"""Bytes of a redirect's own page: nginx writes 145 to 180, Apache 200 to 350 and the address."""
_PARTS = (206, 408, 499)
_MAY_COUNT_NOTHING = (200, 206)
_NO_CONTENT = (204, 205, 304)
_REFUSED = (401, 403, 404, 405, 406, 407, *range(410, 418), 421, 426, 428, 429, 431, 444, 451, *range(501, 506))


def answered(requests: ir.Table, *, errors_show_nothing: bool = False) -> ir.Table:
    """The requests with whose answer something can have gone out; ``how``: ``whole``, ``part`` or ``error``.

    A request without a status (the log has none) may have been answered in any way.
    """
    status, sent = requests.status, requests.bytes_out
    empty = (
        (requests.method == "HEAD")
        | ((sent == 0) & ~status.isin(_MAY_COUNT_NOTHING))
        | (status < 200)
        | status.isin(_NO_CONTENT)
    )
    note = (status >= 300) & (status < 400) & (sent.isnull() | (sent <= NOTE))
    nothing = (empty | status.isin(_REFUSED) | note).fill_null(False)
    how = ibis.cases(
        (status.isnull(), WHOLE), (status.isin(_PARTS), PART), ((status >= 200) & (status < 300), WHOLE), else_=ERROR
    )
    found = requests.filter(~nothing).mutate(how=how, url_path=requests.url_path.fill_null(""))
    return found.filter(found.how != ERROR) if errors_show_nothing else found
