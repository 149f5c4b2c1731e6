"""From pages that the intruder received to cells.

Whose value is it? The account that was used and the unique identifiers on the page (policy and claim numbers) say
which records a page can be about; only those records' values are looked for. Otherwise a common name would count for
everybody who bears it.
"""

import re

from drills.truth.forms import PageText
from drills.truth.holdings import Holdings, Row
from drills.truth.items import ITEM_OF
from drills.truth.visible import visible_text

Cell = tuple[str, str]  # subject, item
_POLICY_NUMBER_LIKE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{3,15}")
_LEGACY_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)


def cells_in_page(html: str, account: str | None, holdings: Holdings) -> set[Cell]:
    """The cells on a page of petinsurance that `account` (a login, or None) was shown."""
    page = PageText(visible_text(html))
    subjects = _identified(page, holdings)
    if account is not None and account in holdings.subject_of_login:
        subjects.add(holdings.subject_of_login[account])
    partners = {agency for subject in subjects for agency in holdings.agencies_of.get(subject, ())}
    for subject in subjects:
        partners |= {
            holdings.clinic_of_claim[row] for row in holdings.rows_of[subject] if row in holdings.clinic_of_claim
        }
    rows = (holdings.rows[key] for subject in subjects | partners for key in holdings.rows_of[subject])
    return {cell for row in rows for cell in _cells_of_row(page, row, holdings)}


def cells_in_legacy_page(html: str, holdings: Holdings) -> set[Cell]:
    """The cells in the legacy look-up's own result rows: a policy number and, beside it, its holder's name."""
    cells: set[Cell] = set()
    for line in _LEGACY_ROW.findall(html):
        row_text = PageText(visible_text(line))
        for subject in _identified(row_text, holdings):
            for key in holdings.rows_of[subject]:
                row = holdings.rows[key]
                if row.table in ("policy", "policyholder"):
                    cells |= {
                        (subject, ITEM_OF[row.table][column])
                        for column in ("policy_number", "name")
                        if any(row_text.shows(column, value) for value in row.values.get(column, ()))
                    }
    return cells


def _identified(page: PageText, holdings: Holdings) -> set[str]:
    words = set(_POLICY_NUMBER_LIKE.findall(page.plain))
    by_policy = {holdings.subject_of_policy_number[word] for word in words & holdings.subject_of_policy_number.keys()}
    claims = {holdings.claim_of_number[word] for word in words & holdings.claim_of_number.keys()}
    by_claim = {holdings.rows[claim].subject for claim in claims}
    return by_policy | by_claim


def _cells_of_row(page: PageText, row: Row, holdings: Holdings) -> set[Cell]:
    if row.table == "bank_account":
        columns = ["account_number"]  # a bank's name beside a masked number is not the account
    elif row.table == "claim":
        number = next((number for number, key in holdings.claim_of_number.items() if key == ("claim", row.key)), "")
        columns = [*ITEM_OF["claim"]] if page.shows("claim_number", number) else []
    elif row.table == "negotiation_entry":
        columns = ["body"]
    else:
        columns = [*ITEM_OF[row.table]]
    return {
        (row.subject, ITEM_OF[row.table][column])
        for column in columns
        if any(page.shows(column, value) for value in row.values.get(column, ()))
    }
