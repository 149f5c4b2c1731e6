"""Asking for a quote or a brochure."""

from datetime import date

import pytest

from petinsurance.quotes.models import BrochureRequest, Quote

PERSON = {
    "name": "高橋 美咲",
    "kana": "ﾀｶﾊｼ みさき",
    "gender": "female",
    "birth_date": "1990-02-03",
    "postal_code": "〒150-0001",
    "address": "東京都渋谷区神宮前1-1-1",
    "phone": "０９０－１２３４－５６７８",
    "email": "misaki@example.jp",
    "consent": "on",
}
PET = {"rating_class": "D3", "pet_age_years": "6", "plan": "70", "pets": "2"}


def test_a_quote_is_stored_and_shown_to_who_asked_and_the_ledger_says_so(browser, ledger) -> None:
    client = browser()
    answer = client.post("/quote/", PERSON | PET)
    assert (answer.status_code, answer.url) == (302, "/quote/result/")
    quote = Quote.objects.get()
    assert (quote.kana, quote.postal_code, quote.phone) == ("タカハシ ミサキ", "1500001", "090-1234-5678")
    assert (quote.birth_date, quote.monthly_premium) == (date(1990, 2, 3), 5_950)
    page = client.get("/quote/result/").content.decode()
    assert "5,950円" in page
    assert "高橋 美咲" in page
    event = ledger.last()
    assert (event["actor"]["kind"], event["purpose"], event["route"]) == ("public", "quotation", "/quote/result/")
    assert event["disclosures"] == [
        {
            "subject": f"quote:{quote.pk}",
            "items": ["address", "birth_date", "email", "gender", "name", "phone"],
            "masked": [],
        }
    ]


def test_nobody_else_sees_the_quote(browser, ledger) -> None:
    browser().post("/quote/", PERSON | PET)
    assert browser().get("/quote/result/").status_code == 404
    assert ledger.events() == []


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("kana", "高橋"), ("postal_code", "15000"), ("phone", "12345"), ("email", "misaki"), ("birth_date", "1850-01-01"),
     ("consent", ""), ("pet_age_years", "9")],
)  # fmt: skip
def test_what_cannot_be_right_is_refused_and_nothing_is_stored(browser, field: str, wrong: str) -> None:
    answer = browser().post("/quote/", PERSON | PET | {field: wrong})
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not Quote.objects.exists()


def test_a_brochure_request_is_stored_and_thanked_without_showing_anything(browser, ledger) -> None:
    client = browser()
    answer = client.post("/brochure/", PERSON)
    assert (answer.status_code, answer.url) == (302, "/brochure/thanks/")
    assert BrochureRequest.objects.get().name == "高橋 美咲"
    assert "高橋" not in client.get(answer.url).content.decode()
    assert ledger.events() == []
