"""The agency portal: the agency's own policies."""

import pytest


@pytest.fixture
def client(browser, account, policyholder):
    return browser(account("agency", agency=policyholder.agency))


def test_an_agency_sees_its_own_policies_only(client, policyholder, stranger, ledger) -> None:
    page = client.get("/agency/policies/").content.decode()
    assert "PT-0000001" in page
    assert "PT-0000002" not in page
    event = ledger.last()
    assert (event["actor"]["kind"], event["actor"]["subject"]) == ("agency", f"agency:{policyholder.agency.pk}")
    assert event["purpose"] == "agency_service"
    assert [disclosure["subject"] for disclosure in event["disclosures"]] == [f"policyholder:{policyholder.pk}"]


def test_another_agencys_policy_does_not_exist(client, policyholder, stranger) -> None:
    assert client.get(f"/agency/policies/{policyholder.policies.get().pk}/").status_code == 200
    assert client.get(f"/agency/policies/{stranger.policies.get().pk}/").status_code == 404


def test_an_agency_sees_neither_claims_nor_bank_account_nor_birth_date(client, policyholder) -> None:
    page = client.get(f"/agency/policies/{policyholder.policies.get().pk}/").content.decode()
    for hidden in ("8,400円", "外耳炎", "567", "1980年"):
        assert hidden not in page.replace("090-1234-5678", "")


def test_the_first_page_shows_the_agency_and_how_many_policies(client) -> None:
    page = client.get("/agency/").content.decode()
    assert "みどり保険事務所" in page
    assert "取扱契約 1 件" in page
