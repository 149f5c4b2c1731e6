"""From pages to cells: whose value it is, is decided by the account used and by unique identifiers."""

from drills.truth.bodies import cells_in_legacy_page, cells_in_page
from drills.truth.holdings import Holdings

ONE = "policyholder:1"


def test_a_name_that_two_bear_belongs_to_the_account_that_was_used(holdings: Holdings) -> None:
    assert cells_in_page("<h1>山田 薫 さま</h1>", "hanako@example.jp", holdings) == {(ONE, "name")}


def test_without_an_account_and_an_identifier_nobody_is_named(holdings: Holdings) -> None:
    assert cells_in_page("<h1>山田 薫 さま</h1>", None, holdings) == set()


def test_a_policy_number_says_whose_page_it_is(holdings: Holdings) -> None:
    page = "<table><tr><td>P100000012</td><td>山田 薫</td></tr></table>"
    assert cells_in_page(page, None, holdings) == {("policyholder:2", "policy_number"), ("policyholder:2", "name")}


def test_a_masked_bank_account_is_not_received(holdings: Holdings) -> None:
    page = "<dl><dd>みずほ銀行</dd><dd>****345</dd></dl>"
    assert cells_in_page(page, "hanako@example.jp", holdings) == set()
    assert cells_in_page("<dd>0012345</dd>", "hanako@example.jp", holdings) == {(ONE, "bank_account")}


def test_a_claims_amount_counts_only_beside_its_claim(holdings: Holdings) -> None:
    assert cells_in_page("<td>8,400円</td>", "hanako@example.jp", holdings) == set()
    assert cells_in_page("<td>C7000001</td><td>8,400円</td>", "hanako@example.jp", holdings) == {
        (ONE, "claim_payments")
    }


def test_of_two_clinics_of_one_name_the_claims_own_is_meant(holdings: Holdings) -> None:
    page = "<td>C7000001</td><td>さくら動物病院</td>"
    assert ("clinic:3", "name") in cells_in_page(page, "hanako@example.jp", holdings)
    assert ("clinic:4", "name") not in cells_in_page(page, "hanako@example.jp", holdings)


def test_the_other_genders_option_in_a_form_tells_nothing(holdings: Holdings) -> None:
    page = '<select><option>男性</option><option value="">選択</option></select>'
    assert cells_in_page(page, "hanako@example.jp", holdings) == set()


def test_a_row_of_the_legacy_page_names_the_holder_of_its_own_policy(holdings: Holdings) -> None:
    page = "<table>\n<tr><th>証券番号</th></tr>\n<tr><td>P100000011</td><td>70</td><td>山田 薫</td></tr>\n</table>"
    assert cells_in_legacy_page(page, holdings) == {(ONE, "policy_number"), (ONE, "name")}


def test_a_name_in_another_row_of_the_legacy_page_is_not_taken_over(holdings: Holdings) -> None:
    page = "<table>\n<tr><td>P100000011</td><td></td></tr>\n<tr><td></td><td>山田 薫</td></tr>\n</table>"
    assert cells_in_legacy_page(page, holdings) == {(ONE, "policy_number")}
