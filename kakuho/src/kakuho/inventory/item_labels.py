"""The data items that a draft may name: label and Fideslang category; the order is that of a notice's table."""

from __future__ import annotations

ITEMS: dict[str, tuple[str, str, str]] = {
    "name": ("user.name", "氏名・名称", "name"),
    "address": ("user.contact.address", "住所", "address"),
    "gender": ("user.demographic.gender", "性別", "gender"),
    "birth_date": ("user.demographic.date_of_birth", "生年月日", "date of birth"),
    "phone": ("user.contact.phone_number", "電話番号", "telephone number"),
    "email": ("user.contact.email", "メールアドレス", "e-mail address"),
    "national_id": ("user.government_id", "公的な番号（マイナンバー・旅券・免許証など）", "government identifiers"),
    "insurance_number": ("user.health_and_medical.insurance_beneficiary_id", "被保険者番号", "insurance number"),
    "record_number": ("user.health_and_medical.record_id", "カルテ番号・患者番号", "medical record number"),
    "member_number": ("user.unique_id", "会員番号・社員番号", "member or employee number"),
    "policy_number": ("user.unique_id", "証券番号・契約番号", "policy number"),
    "claim_payments": ("user.payment", "保険金給付情報", "claim payments"),
    "negotiation_history": ("user.content.private", "交渉・応対の履歴", "negotiation history"),
    "bank_account": ("user.financial.bank_account", "金融機関口座情報", "bank account"),
    "card": ("user.financial.credit_card", "カード情報", "payment card"),
    "payments": ("user.payment", "支払い・入金の情報", "payments"),
    "purchase_history": ("user.behavior.purchase_history", "購入・注文の履歴", "purchase history"),
    "health": ("user.health_and_medical", "健康・診療の情報", "health information"),
    "demographic": ("user.demographic", "属性（国籍・婚姻・世帯など）", "demographic information"),
    "occupation": ("user.job_title", "職業・所属", "occupation"),
    "organisation": ("user.contact.organization", "所属する組織", "organisation"),
    "username": ("user.account.username", "ログインID", "user name"),
    "password": (
        "user.authorization",
        "パスワードなどの認証情報（ハッシュを含む）",
        "passwords and other credentials, hashes included",
    ),
    "photo": ("user.content.self_image", "写真", "photograph"),
    "biometric": ("user.biometric", "生体情報", "biometric data"),
    "criminal_history": ("user.criminal_history", "犯罪の経歴", "criminal history"),
    "location": ("user.location.precise", "位置情報", "location"),
    "ip_address": ("user.device.ip_address", "IPアドレス", "IP address"),
    "device": ("user.device", "端末の情報", "device information"),
    "url": ("user.contact.url", "本人のウェブサイト", "the person's website"),
    "preferences": ("user.privacy_preferences", "同意・配信の設定", "consents and preferences"),
    "reviews": ("user.content.public", "投稿・レビュー", "reviews"),
    "notes": ("user.content", "個人情報を含みうる文章", "free text that may hold personal data"),
}
"""id → (data category, ja, en)."""
