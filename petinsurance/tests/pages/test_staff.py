"""The staff console: search, detail, roles, reveal for a purpose."""

import pytest

from petinsurance.liability.models import NegotiationEntry

SEARCHES = ["policyholders", "prospects", "liability", "clinics", "agencies"]


@pytest.fixture
def handler(browser, account):
    return browser(account("liability_handler"))


@pytest.fixture
def call_centre(browser, account):
    return browser(account("call_centre"))


@pytest.mark.parametrize("term", ["山田", "ヤマダ", "ﾔﾏﾀﾞ", "やまだ", "09012345678", "090-1234-5678", "PT-0000001"])
def test_a_policyholder_is_found_by_name_reading_phone_and_policy_number(call_centre, policyholder, term: str) -> None:
    page = call_centre.post("/staff/policyholders/", {"q": term}).content.decode()
    assert f'href="/staff/policyholders/{policyholder.pk}/"' in page


@pytest.mark.parametrize("stored", ["山田花子", "山田　花子", "山田 花子"])
@pytest.mark.parametrize("term", ["山田花子", "山田　花子", "山田 花"])
def test_spaces_in_names_do_not_matter(call_centre, policyholder, stored: str, term: str) -> None:
    type(policyholder).objects.update(name=stored)
    assert len(call_centre.post("/staff/policyholders/", {"q": term}).context["page"]) == 1


@pytest.mark.parametrize("stored", ["ﾔﾏﾀﾞ ﾊﾅｺ", "ヤマダ　ハナコ", "ヤマダハナコ"])
@pytest.mark.parametrize("term", ["ヤマダ ハナコ", "ﾔﾏﾀﾞﾊﾅ", "やまだ"])
def test_nor_does_the_width_of_kana(call_centre, policyholder, stored: str, term: str) -> None:
    type(policyholder).objects.update(kana=stored)
    assert len(call_centre.post("/staff/policyholders/", {"q": term}).context["page"]) == 1


def test_only_what_matches_is_found_and_recorded(call_centre, policyholder, stranger, ledger) -> None:
    page = call_centre.post("/staff/policyholders/", {"q": "山田"}).content.decode()
    assert "佐藤" not in page
    assert ledger.last()["disclosures"] == [
        {"subject": f"policyholder:{policyholder.pk}", "items": ["name", "phone", "policy_number"], "masked": []}
    ]


@pytest.mark.parametrize("page", ["policyholders", "prospects", "clinics"])
def test_without_a_term_there_is_nothing_to_browse(call_centre, policyholder, clinic, page: str, ledger) -> None:
    assert call_centre.get(f"/staff/{page}/").status_code == 200
    assert call_centre.post(f"/staff/{page}/", {"q": " "}).context["page"] is None
    assert call_centre.get(f"/staff/{page}/?q=山田").context["page"] is None
    assert ledger.events() == []


def test_twenty_a_page_and_the_term_goes_along_in_the_form(call_centre, policyholder, ledger) -> None:
    for number in range(24):
        policyholder.pk = None
        policyholder.name = f"山田 {number}"
        policyholder.save()
    first = call_centre.post("/staff/policyholders/", {"q": "山田"})
    assert (len(first.context["page"]), first.context["page"].paginator.count) == (20, 25)
    second = call_centre.post("/staff/policyholders/", {"q": "山田", "page": "2"})
    assert len(second.context["page"]) == 5
    assert 'href="?' not in first.content.decode()


def test_detail_of_a_policyholder(call_centre, policyholder, ledger) -> None:
    page = call_centre.get(f"/staff/policyholders/{policyholder.pk}/").content.decode()
    for shown in ("山田 花子", "1980年1月2日", "〒150-0002", "PT-0000001", "8,400円", "••••567"):
        assert shown in page
    assert "1234567" not in page
    event = ledger.last()
    assert (event["actor"]["kind"], event["actor"]["role"], event["purpose"]) == (
        "staff",
        "call_centre",
        "customer_service",
    )
    assert event["route"] == "/staff/policyholders/{key}/"


def test_a_bank_account_is_revealed_by_post_for_a_purpose_that_the_ledger_keeps(
    call_centre, policyholder, ledger
) -> None:
    path = f"/staff/policyholders/{policyholder.pk}/bank-account/"
    assert call_centre.get(path).status_code == 405
    refused = call_centre.post(path, {"purpose": ""})
    assert refused.status_code == 400
    assert "1234567" not in refused.content.decode()
    assert ledger.events() == []
    assert "1234567" in call_centre.post(path, {"purpose": "returned_payment"}).content.decode()
    event = ledger.last()
    assert event["purpose"] == "returned_payment"
    assert event["disclosures"] == [
        {"subject": f"policyholder:{policyholder.pk}", "items": ["bank_account"], "masked": []}
    ]


def test_the_call_centre_does_not_see_liability_cases(call_centre, handler, injured, ledger) -> None:
    paths = ["/staff/liability/", f"/staff/injured-third-parties/{injured.pk}/"]
    assert [call_centre.get(path).status_code for path in paths] == [403, 403]
    reveal = f"/staff/injured-third-parties/{injured.pk}/bank-account/"
    assert call_centre.post(reveal, {"purpose": "payment_check"}).status_code == 403
    assert ledger.events() == []
    assert [handler.get(path).status_code for path in paths] == [200, 200]


@pytest.mark.parametrize("role", ["adjuster", "liability_handler"])
def test_an_injured_third_party_with_the_negotiation(browser, account, injured, role: str, ledger) -> None:
    page = browser(account(role)).get(f"/staff/injured-third-parties/{injured.pk}/").content.decode()
    for shown in ("鈴木 一郎", "右手の咬傷", "50,000円", "診断書を受領した。", "山田 花子"):
        assert shown in page
    subjects = {disclosure["subject"].split(":")[0] for disclosure in ledger.last()["disclosures"]}
    assert subjects == {"injured_third_party", "policyholder"}


def test_an_entry_is_added_to_the_negotiation_with_its_author(handler, injured) -> None:
    answer = handler.post(f"/staff/injured-third-parties/{injured.pk}/negotiation/", {"body": "示談案を説明した。"})
    assert answer.url == f"/staff/injured-third-parties/{injured.pk}/"
    added = NegotiationEntry.objects.get(body="示談案を説明した。")
    assert (added.injured_third_party, added.author.role) == (injured, "liability_handler")


def test_prospects_of_both_kinds_are_found_together(call_centre, browser) -> None:
    from petinsurance.quotes.models import BrochureRequest, Quote

    person = {
        "name": "高橋 美咲", "kana": "タカハシ ミサキ", "gender": "female", "birth_date": "1990-02-03",
        "postal_code": "1500001", "address": "東京都渋谷区神宮前1-1-1", "phone": "09012345678", "email": "m@example.jp",
    }  # fmt: skip
    public = browser()
    public.post("/brochure/", person | {"consent": "on"})
    public.post("/quote/", person | {"consent": "on", "rating_class": "C", "pet_age_years": 3, "plan": 50, "pets": 1})
    page = call_centre.post("/staff/prospects/", {"q": "090-1234-5678"}).content.decode()
    paths = (
        f"/staff/quotes/{Quote.objects.get().pk}/",
        f"/staff/brochure-requests/{BrochureRequest.objects.get().pk}/",
    )
    for path in paths:
        assert f'href="{path}"' in page
        assert "東京都渋谷区神宮前1-1-1" in call_centre.get(path).content.decode()


def test_clinics_and_agencies(call_centre, clinic, policyholder) -> None:
    assert "さくら動物病院" in call_centre.post("/staff/clinics/", {"q": "サクラ"}).content.decode()
    assert "03-1234-5678" in call_centre.get(f"/staff/clinics/{clinic.pk}/").content.decode()
    assert "みどり保険事務所" in call_centre.post("/staff/agencies/", {"q": "A0001"}).content.decode()
    assert "••••567" in call_centre.get(f"/staff/agencies/{policyholder.agency.pk}/").content.decode()


@pytest.mark.parametrize("page", SEARCHES)
def test_nobody_but_staff_comes_in(browser, account, policyholder, page: str) -> None:
    visitors = [
        browser(),
        browser(account("policyholder", policyholder=policyholder)),
        browser(account("agency", agency=policyholder.agency)),
    ]
    for visitor in visitors:
        assert visitor.get(f"/staff/{page}/").url == f"/staff/login/?next=%2Fstaff%2F{page}%2F"
