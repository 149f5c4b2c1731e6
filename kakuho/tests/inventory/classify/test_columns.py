"""Columns by their names, in Japanese, English and romaji, and by what their table is about."""

from __future__ import annotations

import pytest

from kakuho.inventory.classify import Classified, classify
from kakuho.inventory.sources.ddl import guess_dialect, read_ddl


def judged(ddl: str) -> Classified:
    return classify(read_ddl(ddl.splitlines(keepends=True), "test", guess_dialect(ddl)))


@pytest.mark.parametrize(
    ("column", "category"),
    [
        ("氏名", "user.name"),
        ("shimei", "user.name"),
        ("CustomerName", "user.name"),
        ("furigana", "user.name"),
        ("kana_sei", "user.name"),
        ("sei", "user.name.last"),
        ("family_name", "user.name.last"),
        ("OtherNames", "user.name.first"),
        ("生年月日", "user.demographic.date_of_birth"),
        ("seinengappi", "user.demographic.date_of_birth"),
        ("DOB", "user.demographic.date_of_birth"),
        ("電話番号", "user.contact.phone_number"),
        ("tel01", "user.contact.phone_number"),
        ("denwa_bango", "user.contact.phone_number"),
        ("keitai_no", "user.contact.phone_number"),
        ("fax03", "user.contact.fax_number"),
        ("yubin_bango", "user.contact.address.postal_code"),
        ("zip01", "user.contact.address.postal_code"),
        ("jusho", "user.contact.address"),
        ("addr1", "user.contact.address"),
        ("pref", "user.contact.address.state"),
        ("e_mail", "user.contact.email"),
        ("メールアドレス", "user.contact.email"),
        ("kouza_bango", "user.financial.bank_account"),
        ("口座名義カナ", "user.financial.bank_account"),
        ("shoken_bango", "user.unique_id"),
        ("kojin_bango", "user.government_id.national_identification_number"),
        ("passport_no", "user.government_id.passport_number"),
        ("karute_no", "user.health_and_medical.record_id"),
        ("hihokensha_bango", "user.health_and_medical.insurance_beneficiary_id"),
        ("byomei", "user.health_and_medical"),
        ("card_number", "user.financial.credit_card"),
        ("password_hash", "user.authorization.password"),
        ("created_at", "system.operations"),
        ("del_flg", "system.operations"),
    ],
)
def test_a_column_of_customers(column: str, category: str) -> None:
    found = judged(f'CREATE TABLE customer (id integer PRIMARY KEY, name text, email text, "{column}" varchar(200));')
    assert found.tables["customer"].columns[column].category == category


def test_a_comment_tells_what_a_name_does_not() -> None:
    found = judged(
        "CREATE TABLE `m_kokyaku` (`id` int PRIMARY KEY, `name` text, `f01` varchar(80) COMMENT '携帯電話番号');"
    )
    assert found.tables["m_kokyaku"].columns["f01"].category == "user.contact.phone_number"


SHOP = """
CREATE TABLE customer (id integer PRIMARY KEY, name text NOT NULL, email text, birth_date date);
CREATE TABLE staff (id integer PRIMARY KEY, name text NOT NULL, email text);
CREATE TABLE product (id integer PRIMARY KEY, name text, price integer);
CREATE TABLE pet (id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customer, name text, born_on date);
CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customer, total integer, note text,
    handled_by integer REFERENCES staff);
CREATE TABLE order_detail (id integer PRIMARY KEY, order_id integer NOT NULL REFERENCES orders, product_name text);
CREATE TABLE mystery (id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customer, zzz varchar(40));
"""


def test_a_name_is_a_persons_only_where_rows_are_persons() -> None:
    tables = judged(SHOP).tables
    assert tables["customer"].columns["name"].item == "name"
    assert tables["product"].columns["name"].item is None
    assert tables["pet"].columns["born_on"].item is None
    assert tables["pet"].about == "thing"


def test_foreign_keys_lead_to_the_person_over_several_tables_and_not_to_who_handled_it() -> None:
    tables = judged(SHOP).tables
    assert [(link.field, link.table) for link in tables["orders"].links] == [("customer_id", "customer")]
    assert [(link.field, link.table) for link in tables["order_detail"].links] == [("order_id", "orders")]
    assert tables["order_detail"].columns["product_name"].category == "user.behavior.purchase_history"


def test_what_nothing_tells_about_is_marked_for_review() -> None:
    assert judged(SHOP).tables["mystery"].columns["zzz"].review
    assert not judged(SHOP).tables["customer"].columns["email"].review


def rows(values: list[str]) -> str:
    return "".join(f"INSERT INTO t (id, f01) VALUES ({number}, '{value}');\n" for number, value in enumerate(values))


@pytest.mark.parametrize(
    ("values", "category"),
    [
        ([f"user{n}@example.jp" for n in range(20)], "user.contact.email"),
        ([f"090-1234-56{n:02}" for n in range(20)], "user.contact.phone_number"),
        ([f"東京都渋谷区渋谷{n}-1" for n in range(20)], "user.contact.address"),
        ([f"{family} 花子" for family in ("佐藤", "鈴木", "田中", "権田原", "加藤", "山本")], "user.name"),
        (["123456789018"] * 3 + ["203456789011", "987654321098", "111111111118"], "system.operations"),
        (
            ["4111111111111111", "5555555555554444", "378282246310005", "3530111333300000", "4012888888881881"],
            "user.financial.credit_card",
        ),
    ],
)
def test_values_tell_where_a_name_does_not_and_a_person_has_to_look(values: list[str], category: str) -> None:
    found = (
        judged("CREATE TABLE t (id integer PRIMARY KEY, f01 varchar(100));\n" + rows(values)).tables["t"].columns["f01"]
    )
    assert found.category == category
    assert found.review or category == "system.operations"


def test_values_that_a_name_promises_and_that_are_not_there_lower_the_confidence() -> None:
    ddl = "CREATE TABLE customer (id integer PRIMARY KEY, name text, phone varchar(30));\n"
    bare = judged(ddl).tables["customer"].columns["phone"]
    told = judged(ddl + "".join(f"INSERT INTO customer VALUES ({n}, '', 'see note');\n" for n in range(9)))
    assert bare.confidence > told.tables["customer"].columns["phone"].confidence
    assert told.tables["customer"].columns["phone"].review
    assert told.tables["customer"].columns["phone"].category == "user.contact.phone_number"


def test_a_table_whose_names_tell_nothing_is_of_persons_by_its_values() -> None:
    ddl = "CREATE TABLE m001 (id integer PRIMARY KEY, f01 varchar(80), f02 varchar(80), f03 varchar(80));\n"
    names = ("佐藤 花子", "鈴木 一郎", "高橋 健", "田中 実", "権田原 守")
    rows_of = [f"INSERT INTO m001 VALUES ({n}, '{name}', 'u{n}@example.jp', 'x{n}');\n" for n, name in enumerate(names)]
    table = judged(ddl + "".join(rows_of)).tables["m001"]
    assert (table.about, table.subject) == ("person", "person")
    assert [table.columns[name].item for name in ("f01", "f02", "f03")] == ["name", "email", None]
    assert all(table.columns[name].review for name in ("f01", "f02", "f03"))


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ([f'{{"free": "{n}", "more": [1]}}' for n in range(8)], "JSON, which can hold anything"),
        (
            [f"gAAAAABl{n}Zk3Jx9QpLmWvT7uYbNcR" for n in range(8)],
            "encrypted or encoded: it cannot be looked into",
        ),
    ],
)
def test_what_cannot_be_looked_into_is_taken_for_personal(values: list[str], why: str) -> None:
    ddl = "CREATE TABLE customer (id integer PRIMARY KEY, name text, email text, f01 varchar(90));\n"
    inserts = "".join(f"INSERT INTO customer (id, f01) VALUES ({n}, '{value}');\n" for n, value in enumerate(values))
    found = judged(ddl + inserts).tables["customer"].columns["f01"]
    assert (found.personal, found.review, found.why[1]) == (True, True, why)


def test_dates_kept_as_text_that_spread_as_births_do() -> None:
    ddl = "CREATE TABLE customer (id integer PRIMARY KEY, name text, email text, f01 varchar(10));\n"
    births = [f"INSERT INTO customer (id, f01) VALUES ({n}, '{1940 + n * 6}-02-03');\n" for n in range(10)]
    found = judged(ddl + "".join(births)).tables["customer"].columns["f01"]
    assert (found.item, found.review) == ("birth_date", True)


INSURANCE = """
CREATE TABLE policyholder (id integer PRIMARY KEY, name text NOT NULL, email text, birth_date date);
CREATE TABLE clinic (id integer PRIMARY KEY, name text NOT NULL, phone text, postal_code text);
CREATE TABLE policy (id integer PRIMARY KEY, policyholder_id integer NOT NULL REFERENCES policyholder);
CREATE TABLE claim (id integer PRIMARY KEY, policy_id integer NOT NULL REFERENCES policy,
    clinic_id integer REFERENCES clinic, amount_paid integer);
CREATE TABLE bank_account (id integer PRIMARY KEY, policyholder_id integer REFERENCES policyholder,
    clinic_id integer REFERENCES clinic, account_number text NOT NULL);
CREATE TABLE account (id integer PRIMARY KEY, policyholder_id integer REFERENCES policyholder, login text);
CREATE TABLE note (id integer PRIMARY KEY, policyholder_id integer REFERENCES policyholder,
    claim_id integer REFERENCES claim, body text);
"""


def test_the_key_that_every_row_has_says_whose_it_is_and_where_none_has_all_do() -> None:
    tables = judged(INSURANCE).tables
    assert [link.field for link in tables["claim"].links] == ["policy_id"]
    assert [link.field for link in tables["bank_account"].links] == ["policyholder_id", "clinic_id"]
    assert [link.field for link in tables["note"].links] == ["policyholder_id", "claim_id"]
    assert tables["claim"].columns["amount_paid"].item == "claim_payments"
    assert (tables["clinic"].about, tables["clinic"].columns["name"].category) == (
        "organisation",
        "user.contact.organization",
    )
