"""My Page: one's own data, and nobody else's."""

from datetime import date

import pytest

from petinsurance.claims.models import Claim


@pytest.fixture
def client(browser, account, policyholder):
    return browser(account("policyholder", policyholder=policyholder))


def test_the_first_page_shows_name_and_policies(client, policyholder, ledger) -> None:
    page = client.get("/mypage/").content.decode()
    assert "山田 花子" in page
    assert "PT-0000001" in page
    event = ledger.last()
    assert event["actor"]["subject"] == f"policyholder:{policyholder.pk}"
    assert (event["purpose"], event["route"]) == ("self_service", "/mypage/")
    assert event["disclosures"] == [
        {"subject": f"policyholder:{policyholder.pk}", "items": ["name", "policy_number"], "masked": []}
    ]


def test_claims_show_what_was_paid(client) -> None:
    page = client.get("/mypage/claims/").content.decode()
    assert "8,400円" in page
    assert "外耳炎" in page


def test_the_bank_account_shows_its_last_three_digits_only(client, ledger) -> None:
    page = client.get("/mypage/profile/").content.decode()
    assert "••••567" in page
    assert "1234567" not in page
    assert "みずほ銀行" not in page
    (disclosure,) = ledger.last()["disclosures"]
    assert disclosure["masked"] == ["bank_account"]
    assert disclosure["items"] == ["address", "birth_date", "email", "gender", "name", "phone"]


@pytest.mark.parametrize(
    "page", ["/mypage/policies/{policy}/", "/mypage/claims/{claim}/", "/api/v1/policies/{policy}/"]
)
def test_another_persons_record_does_not_exist(client, policyholder, stranger, page: str, ledger) -> None:
    own, others = policyholder.policies.get(), stranger.policies.get()
    assert client.get(page.format(policy=own.pk, claim=own.claims.get().pk)).status_code == 200
    seen = len(ledger.events())
    answer = client.get(page.format(policy=others.pk, claim=others.claims.get().pk))
    assert answer.status_code == 404
    assert "PT-0000002" not in answer.content.decode()
    assert len(ledger.events()) == seen


def test_contact_data_can_be_changed_and_the_form_shows_what_is_stored(client, policyholder) -> None:
    assert 'value="090-1234-5678"' in client.get("/mypage/profile/edit/").content.decode()
    changed = {
        "postal_code": "530-0001",
        "address": "大阪府大阪市北区梅田1-1",
        "phone": "06-1234-5678",
        "email": "new@example.jp",
    }
    assert client.post("/mypage/profile/edit/", changed).url == "/mypage/profile/"
    policyholder.refresh_from_db()
    assert (policyholder.postal_code, policyholder.phone) == ("5300001", "06-1234-5678")
    assert policyholder.name == "山田 花子"


def test_a_claim_can_be_made_for_a_treatment_within_the_policy_period(client, policyholder) -> None:
    policy = policyholder.policies.get()
    claim = {"policy": policy.pk, "diagnosis": "膀胱炎", "treated_on": "2026-06-01", "amount_billed": "9800"}
    answer = client.post("/mypage/claims/new/", claim)
    made = Claim.objects.get(diagnosis="膀胱炎")
    assert answer.url == f"/mypage/claims/{made.pk}/"
    assert (made.status, made.amount_paid, made.treated_on) == ("received", None, date(2026, 6, 1))
    assert "受付" in client.get(answer.url).content.decode()


def test_a_claim_for_another_persons_policy_or_another_time_is_refused(client, policyholder, stranger) -> None:
    own, others = policyholder.policies.get(), stranger.policies.get()
    claim = {"diagnosis": "膀胱炎", "treated_on": "2026-06-01", "amount_billed": "9800"}
    assert "policy" in client.post("/mypage/claims/new/", claim | {"policy": others.pk}).context["form"].errors
    too_early = client.post("/mypage/claims/new/", claim | {"policy": own.pk, "treated_on": "2026-03-31"})
    assert "treated_on" in too_early.context["form"].errors
    assert not Claim.objects.filter(diagnosis="膀胱炎").exists()


def test_the_api_answers_in_json_to_the_session_and_not_without(client, browser, policyholder, ledger) -> None:
    path = f"/api/v1/policies/{policyholder.policies.get().pk}/"
    answer = client.get(path).json()
    assert (answer["policy_number"], answer["policyholder"]["name"]) == ("PT-0000001", "山田 花子")
    assert ledger.last()["disclosures"][0]["items"] == ["name", "policy_number"]
    assert browser().get(path).status_code == 401


def test_pages_in_english(client) -> None:
    client.post("/language/", {"language": "en", "next": "/mypage/"})
    page = client.get("/mypage/claims/").content.decode()
    assert '<html lang="en">' in page
    assert "Vet's bill" in page
    assert "支払済" not in page
    assert "¥8,400" in page


def test_the_browsers_own_language_does_not_count(client) -> None:
    assert '<html lang="ja">' in client.get("/mypage/", headers={"accept-language": "en"}).content.decode()
