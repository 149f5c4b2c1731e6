"""What a table's name says of its rows: parties, things, topics. A data table of words, English, Japanese and romaji."""

from __future__ import annotations

import re
from dataclasses import dataclass

SUBJECTS: dict[str, tuple[str, str, str]] = {
    "policyholder": ("person", "契約者・被保険者", "Policyholders and insured persons"),
    "patient": ("person", "患者", "Patients"),
    "employee": ("person", "従業員・職員", "Employees and staff"),
    "prospect": ("person", "見込み客・問い合わせをされた方", "Prospects and people who inquired"),
    "injured_third_party": ("person", "事故の相手方・被害者", "Injured third parties"),
    "customer": ("person", "顧客・会員", "Customers and members"),
    "student": ("person", "学生・生徒", "Students"),
    "job_applicant": ("person", "応募者", "Job applicants"),
    "next_of_kin": ("person", "家族・緊急連絡先", "Next of kin"),
    "user": ("person", "利用者", "Users"),
    "person": ("person", "個人", "Persons"),
    "clinic": ("organisation", "医療機関", "Clinics and hospitals"),
    "agency": ("organisation", "代理店", "Agencies"),
    "supplier_vendor": ("organisation", "取引先", "Suppliers and partners"),
    "organisation": ("organisation", "法人・団体", "Organisations"),
}
"""id → (kind, ja, en)."""

SUBJECT_WORDS: dict[str, tuple[str, ...]] = {
    "policyholder": ("policyholder", "insured", "insuree", "subscriber", "hihokensha", "keiyakusha", "beneficiary", "claimant", "契約者", "被保険者", "families", "family"),
    "patient": ("patient", "kanja", "患者", "resident"),
    "employee": ("employee", "staff", "officer", "worker", "shain", "jugyoin", "shokuin", "admin", "doctor", "physician", "nurse", "provider", "practitioner", "teacher", "agent", "vet", "veterinarian", "社員", "職員", "従業員", "医師"),
    "prospect": ("prospect", "lead", "quote", "inquiry", "brochure", "mitsumori", "shiryo", "toiawase", "見積", "資料請求", "問い合わせ", "問合せ"),
    "injured_third_party": ("third", "victim", "injured", "higaisha", "被害者", "相手方"),
    "customer": ("customer", "client", "member", "kokyaku", "kaiin", "guest", "buyer", "shopper", "consumer", "顧客", "会員", "お客様", "other", "shipping", "billing", "recipient", "reviewer"),
    "student": ("student", "pupil", "gakusei", "seito", "学生", "生徒"),
    "job_applicant": ("applicant", "candidate", "oubosha", "応募者"),
    "next_of_kin": ("kin", "dependent", "kazoku", "guardian", "家族"),
    "user": ("user", "account", "profile", "riyosha", "利用者", "ユーザー"),
    "person": ("person", "people", "contact", "party", "individual", "kojin", "個人", "人"),
    "clinic": ("clinic", "hospital", "hf", "facility", "byoin", "iryokikan", "病院", "医療機関", "診療所"),
    "agency": ("agency", "broker", "dairiten", "代理店"),
    "supplier_vendor": ("supplier", "vendor", "partner", "payer", "torihikisaki", "shiiresaki", "取引先", "仕入先", "業者"),
    "organisation": ("company", "organization", "organisation", "corporation", "kaisha", "hojin", "会社", "法人", "団体"),
}  # fmt: skip
"""Words of a table's name; the last word of the name weighs most."""

THINGS = frozenset(
    [
        "pet",
        "animal",
        "dog",
        "cat",
        "product",
        "item",
        "goods",
        "drug",
        "medicine",
        "service",
        "category",
        "class",
        "brand",
        "maker",
        "price",
        "location",
        "place",
        "region",
        "district",
        "country",
        "language",
        "currency",
        "role",
        "permission",
        "privilege",
        "group",
        "right",
        "setting",
        "config",
        "configuration",
        "property",
        "option",
        "parameter",
        "template",
        "page",
        "menu",
        "bloc",
        "block",
        "module",
        "plugin",
        "migration",
        "version",
        "log",
        "job",
        "task",
        "queue",
        "schedule",
        "batch",
        "report",
        "file",
        "folder",
        "feature",
        "tag",
        "type",
        "status",
        "kind",
        "master",
        "code",
        "calendar",
        "holiday",
        "tax",
        "rule",
        "zip",
        "pref",
        "prefecture",
        "city",
        "concept",
        "form",
        "field",
        "program",
        "workflow",
        "state",
        "attribute",
        "token",
        "news",
        "banner",
        "coupon",
        "campaign",
        "shop",
        "store",
        "warehouse",
        "stock",
        "inventory",
        "currency",
        "ward",
        "bed",
        "room",
        "device",
        "vehicle",
        "car",
        "content",
        "migration",
        "schema",
        "changelog",
        "lock",
        "index",
        "template",
        "constant",
        "reason",
        "frequency",
        "profession",
        "gender",
        "education",
        "relation",
        "identification",
        "confirmation",
        "legal",
        "sublevel",
        "ceiling",
        "catchment",
        "icd",
        "dictionary",
        "vocabulary",
        "csv",
        "layout",
        "hookpoint",
        "deliv",
        "delivery",
        "holiday",
        "ペット",
        "商品",
        "製品",
        "薬",
        "地域",
        "権限",
        "設定",
        "区分",
        "マスタ",
    ]
)


@dataclass(frozen=True)
class Topic:
    """``words``: of a table's name. ``category`` and ``item``: of the columns that say what happened."""

    id: str
    words: frozenset[str]
    category: str
    item: str
    everything: bool
    """Whether every column of the table is about it, dates and statuses too; else only texts and amounts."""


def _topic(identifier: str, words: str, category: str, item: str, everything: bool) -> Topic:
    return Topic(identifier, frozenset(words.split()), category, item, everything)


TOPICS: tuple[Topic, ...] = (
    _topic("bank_account", "bank koza kouza banking bankaccount 口座", "user.financial.bank_account", "bank_account", False),
    _topic("claim", "claim benefit kyufu kyuufu hokenkin seikyu ded rem 給付 保険金 請求", "user.payment", "claim_payments", True),
    _topic("negotiation", "negotiation kosho koushou correspondence inquiry toiawase message chat mail email conversation complaint ticket 交渉 問い合わせ メール", "user.content.private", "negotiation_history", False),
    _topic("review", "review testimonial レビュー", "user.content.public", "reviews", False),
    _topic("health", "health allergy diagnosis obs observation encounter visit prescription drug_order orders problem condition vaccination immunization symptom procedure "
           "karute kenshin medical lab test treatment active_list patient_program patient_state feedback 診療 検査 処方 健康 病歴", "user.health_and_medical", "health", True),
    _topic("purchase", "order purchase cart shipment shipping sale rental reservation booking yoyaku chumon juchu order_detail invoice favorite wishlist history 注文 受注 購入", "user.behavior.purchase_history", "purchase_history", False),
    _topic("payment", "payment premium receipt refund charge nyukin shiharai transaction 支払 入金", "user.payment", "payments", False),
)  # fmt: skip
AMOUNT = re.compile(
    r"_(amount|amount_\w+|\w+_amount|total|subtotal|\w*_total|price\w*|\w+_price|price_\w+|quantity|qty\w*|discount|tax|fee|charge|paid|billed|claimed|approved|reinsured|valuated|remunerated|deductable\w*|exceed_ceiling_amount|receipt|receipt_no|transaction_no|paid_on|pay_date|payment_date|payment_method|dose|units|frequency|buy_\w+|\w+_buy_date|product_name|product_code|total_\w+|kingaku|(rental|return|order|purchase|booking|reservation|invoice|chumon|yoyaku)_date|"
    r"ded_\w+|rem_\w+|balance|zandaka|point|points|rejection_reason|expected_amount|received_amount|classcategory_name_\d)_$"
)
