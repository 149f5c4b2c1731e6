"""The words of names: a data table, tried in order, the first that fits is taken.

``names``: a pattern over a column's words between underscores (``words.joined``); ``japanese``: parts of a Japanese name or
comment. ``where``: which tables it holds in: ``any``; ``party`` (rows are persons or organisations, or belong to one);
``person`` (rows are persons). Categories are keys of Fideslang's default taxonomy (2.0).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Where = Literal["any", "party", "person"]


@dataclass(frozen=True)
class NameRule:
    category: str
    item: str | None
    confidence: float
    names: re.Pattern[str]
    japanese: re.Pattern[str] | None = None
    where: Where = "any"
    kinds: tuple[str, ...] = ()
    """Kinds of type it fits (``types.kind``); empty: every kind."""
    recogniser: str | None = None
    """The recogniser of values that can bear it out."""


def _rule(category: str, item: str | None, confidence: float, names: str, japanese: str = "", where: Where = "any",
          kinds: str = "", recogniser: str | None = None) -> NameRule:  # fmt: skip
    return NameRule(category, item, confidence, re.compile(names), re.compile(japanese) if japanese else None, where,
                    tuple(kinds.split()), recogniser)  # fmt: skip


_TEXT = "text"
NAME_RULES: tuple[NameRule, ...] = (
    # secrets
    _rule(
        "user.unique_id.pseudonymous",
        None,
        0.85,
        r"_(login|email|mail|phone|name|user|member|account|ip)_(digest|hash|hashed|fingerprint)_$",
        r"ハッシュ値",
        kinds="text binary",
    ),
    _rule(
        "user.authorization.password",
        "password",
        0.95,
        r"_(password|passphrase|passcode|pass|pin_code|anshou|ansho_no|pw|stored_password|dummy_password)(_hash|_digest|_encrypted|_salt|_\d+)?_$",
        r"パスワード|暗証番号",
        kinds="text binary",
        recogniser="secret",
    ),
    _rule(
        "user.authorization.credentials",
        "password",
        0.9,
        r"_(salt|secret|secret_key|private_key|otp|totp|mfa|recovery_codes?|reset_token|activation_key|remember_token|api_token|access_token|refresh_token|auth_token|token_hash|session_key|session_id|session_token|sess_id|cookie|token)_$",
        r"秘密鍵|トークン|認証キー|セッションID",
        where="party",
        kinds="text binary",
    ),
    _rule(
        "user.authorization.credentials",
        None,
        0.9,
        r"_(session_key|session_id|sess_id|session_token)_$",
        "",
        kinds="text",
    ),
    _rule(
        "user.unique_id.pseudonymous", None, 0.7, r"_(session_data|sess_data|session)_$", "", kinds="text binary json"
    ),
    _rule(
        "user.authorization.credentials",
        "password",
        0.88,
        r"_(secret_question|secret_answer|security_question|security_answer|reminder|reminder_answer|himitsu_\w+)_$",
        r"秘密の(質問|答)|合言葉",
        kinds="text",
    ),
    _rule(
        "system.authentication",
        None,
        0.8,
        r"_(api_key|apikey|api_secret|api_access_key|api_secret_key|client_secret|public_key|private_key|secret_key|smtp_password|ftp_\w+|sms_(user_name|password))_$",
        "",
        kinds="text binary",
    ),
    # numbers that a state gives
    _rule(
        "user.government_id.national_identification_number",
        "national_id",
        0.97,
        r"_(my_no|mynumber|my_number|kojin_?bango|kojin_no|individual_no|ssn|social_security(_no)?|national_id(_no|entification_no)?|nin|nhs_no|tax_id_no|tin|personal_code)_",
        r"マイナンバー|個人番号",
        recogniser="my_number",
    ),
    _rule(
        "user.government_id.passport_number",
        "national_id",
        0.92,
        r"_passport(_no)?_",
        r"旅券|パスポート",
        kinds="text number",
        recogniser=None,
    ),
    _rule(
        "user.government_id.drivers_license_number",
        "national_id",
        0.92,
        r"_(driver_?s?_licen[cs]e(_no)?|licen[cs]e_no|menkyo(sho)?_?(no|bango)?)_",
        r"免許(証)?番号",
        kinds="text number",
    ),
    _rule(
        "user.government_id.immigration",
        "national_id",
        0.9,
        r"_(residence_card(_no)?|zairyu_card\w*|visa_no)_",
        r"在留カード",
    ),
    _rule(
        "user.health_and_medical.insurance_beneficiary_id",
        "insurance_number",
        0.9,
        r"_(hihokensha_?(no|bango|sho)|hokensho_\w+|insurance_no|insured_no|insuree_no|beneficiary_no|member_insurance_id|chf_id|chfid|health_card_no|subscriber_no)_",
        r"被保険者番号|保険証(番号|記号)|被保険者証",
    ),
    _rule(
        "user.health_and_medical.record_id",
        "record_number",
        0.9,
        r"_(karute_?(no|bango)|chart_no|medical_record_no|mrn|kanja_?(no|bango)|patient_no|patient_code|shinsatsuken_?(no|bango))_",
        r"カルテ番号|患者番号|診察券",
    ),
    _rule(
        "user.government_id",
        "national_id",
        0.75,
        r"_(identity_no|id_card_no|identification_no|id_no|identity_document)_",
        r"本人確認書類",
        where="party",
        kinds="text",
    ),
    # money
    _rule(
        "user.financial.credit_card",
        "card",
        0.95,
        r"_(card_no|credit_card(_no)?|cc_no|pan|cvv|cvc|card_holder(_name)?|card_expiry|expiry_card|card_exp(iry|_month|_year)?|card_last_?4|kureka\w*|card_bango)_",
        r"カード番号|クレジットカード|カード名義|セキュリティコード",
        recogniser="card",
    ),
    _rule(
        "user.financial.bank_account",
        "bank_account",
        0.93,
        r"_(bank_account(_no|_type|_name|_holder)?|account_(no|holder|holder_name|type|kana)_?(kana)?|iban|bic|swift(_code)?|routing_no|sort_code|bank_(code|name|branch|no|kana|branch_name|branch_code)|branch_(code|name|no)|ginko\w*(_code|_name|_no|_mei)?|shiten(_code|_name|_no|_mei|_bango)?|kou?za(_?(bango|no|shubetsu|meigi(nin)?|type|code|kana|name))*|yokin_?(shumoku|shubetsu)|meigi(nin)?(_kana)?|holder_kana|yucho_\w+|furikomi_\w+)_",
        r"口座|銀行|支店(名|コード|番号)|金融機関|預金種目|名義",
        recogniser="bank",
    ),
    # contact
    _rule(
        "user.contact.email",
        "email",
        0.95,
        r"_(e_?mail|mail|meru|me-?ru)(_?(address|addr|id|1|2|3|01|02|mobile|pc|sub|home|work|login|keitai))*_$|_(mail|email)_?address_|_e_mail_(id_)?$|_(contact|primary|secondary|billing|shipping|order|customer|user|work|home|company|law|alt|alternate|pc|mobile|keitai)_(e_)?e?mail(_\d+)?_$",
        r"メール(アドレス|アト゛レス)?$|メールアドレス|Eメール",
        kinds="text",
        recogniser="email",
    ),
    _rule(
        "user.contact.fax_number",
        "phone",
        0.9,
        r"_fax(_?(no|\d+))*_",
        r"ファックス|ＦＡＸ|FAX",
        kinds="text number",
        recogniser="phone",
    ),
    _rule(
        "user.contact.phone_number",
        "phone",
        0.94,
        r"_(phone|tel|denwa|denwa_?bango|mobile|mobile_no|mobile_phone|cell|cell_phone|cellphone|keitai|keitai_(tel|no|bango|denwa)|phone_no|tel_no|msisdn|home_phone|work_phone|renrakusaki|contact_no|emergency_contact)(_?(no|\d+|home|work|mobile|kinkyu))*_$|_(tel|phone)_(no_)?\d*_?$|_phone_no_",
        r"電話|携帯|TEL|ＴＥＬ|連絡先",
        kinds="text number",
        recogniser="phone",
    ),
    _rule(
        "user.contact.address.postal_code",
        "address",
        0.93,
        r"_(zip|zip_?code|post_?code|postal_?code|postal|yubin|yuubin|yubin_?bango|yuubin_?bango|zip_?\d+|yubin_(no|code))(_\d+|_no|_code)*_$",
        r"郵便番号|〒",
        where="any",
        kinds="text number",
        recogniser="postal_code",
    ),
    _rule(
        "user.device.ip_address",
        "ip_address",
        0.92,
        r"_(ip_address|remote_address|client_ip|src_ip|source_ip|last_ip|login_ip|last_login_ip|ip_v_\d|remote_ip)_|^_ip_$",
        r"IPアドレス",
        kinds="text ip binary number",
        recogniser="ip",
    ),
    _rule(
        "user.device.device_id",
        "device",
        0.85,
        r"_(device_id|device_token|imei|idfa|aaid|mac_address|mobile_phone_id|advertising_id|fcm_token|push_token)_",
        r"端末(ID|識別)",
    ),
    _rule("user.device", "device", 0.7, r"_user_agent_", r"ユーザーエージェント", kinds="text"),
    _rule(
        "user.location.precise",
        "location",
        0.85,
        r"_(latitude|longitude|lat|lng|lon|geo_?location|geo_?point|gps|keido|ido)_",
        r"緯度|経度|位置情報",
        where="party",
    ),
    _rule(
        "user.contact.address.country",
        "address",
        0.75,
        r"_(country|country_(id|code|name)|kuni)_$",
        r"^国$|国名",
        where="party",
    ),
    _rule(
        "user.contact.address.state",
        "address",
        0.85,
        r"_(prefecture|pref|pref_(id|code|name)|prefecture_(id|code|name)|todofuken\w*|state_province|state_name|province|county_district|county|address_state)_$",
        r"都道府県",
        where="party",
        recogniser="prefecture",
    ),
    _rule(
        "user.contact.address.city",
        "address",
        0.85,
        r"_(city|city_village|town|village|municipality|shikuchoson|current_village|city_name|district_name)_$",
        r"市区町村|市町村",
        where="party",
    ),
    _rule(
        "user.contact.address.street",
        "address",
        0.85,
        r"_(street\w*|street_address|banchi|chome|tatemono\w*|building_name|apartment|house_no|addr_line_\d|address_line_\d)_",
        r"番地|丁目|建物名|マンション",
        where="party",
        kinds="text",
    ),
    _rule(
        "user.contact.address",
        "address",
        0.92,
        r"_(address|jusho|juusyo|jyusyo|jyuusho|juusho|jusyo|residence|kyojuchi|domicile|(home|permanent|current|billing|shipping|mailing|postal|residential|family|hf|payer|work|company|office|contact|present)_?address|permanentaddress)(_?(\d+|kana|line_?\d*|text|full|name))*_$",
        r"住所|所在地|居住地|本籍",
        where="any",
        kinds="text json",
        recogniser="address",
    ),
    _rule(
        "user.contact.url",
        "url",
        0.7,
        r"_(website|home_?page|reviewer_url|profile_url|user_url|blog_url)_",
        r"ホームページ",
        where="party",
        kinds="text",
    ),
    # who a person is
    _rule(
        "user.demographic.date_of_birth",
        "birth_date",
        0.95,
        r"_(birth|birth_?(date|day)|date_of_birth|dob|veodob|born|born_(on|at|date)|seinen_?gappi|seinengappi|tanjo_?bi|birth_(year|month|ymd)|birthdate_estimated|b_?day)_",
        r"生年月日|誕生日|生まれ",
        where="party",
        kinds="date text number",
        recogniser="birth_date",
    ),
    _rule(
        "user.demographic.age_range",
        "birth_date",
        0.8,
        r"^_(age|nenrei|age_(years|range|group))_$",
        r"年齢|年代",
        where="person",
    ),
    _rule(
        "user.demographic.gender",
        "gender",
        0.93,
        r"_(gender|sex|seibetsu|seibetu)(_(code|id|kbn|kubun))?_$",
        r"性別",
        where="party",
        recogniser="gender",
    ),
    _rule(
        "user.demographic.marital_status",
        "demographic",
        0.88,
        r"_(marital|marital_status|married|kekkon|kikon)_",
        r"婚姻|既婚|配偶者(有無)?",
        where="party",
    ),
    _rule(
        "user.demographic.race_ethnicity",
        "demographic",
        0.88,
        r"_(race|ethnicity|ethnic|tribe|nationality|kokuseki|caste)(_(id|code))?_$",
        r"国籍|人種|民族",
        where="party",
    ),
    _rule("user.demographic.religious_belief", "demographic", 0.9, r"_(religion|shukyo)_", r"宗教", where="party"),
    _rule(
        "user.demographic.language",
        "demographic",
        0.7,
        r"_(preferred_language|native_language|language_of_sms|language_of_\w+)_",
        r"母国語|使用言語",
        where="party",
    ),
    _rule(
        "user.demographic",
        "demographic",
        0.78,
        r"_(poverty|vulnerability|income|nenshu|annual_income|household_income|is_head|head_of_household|household_size|children_no|education|gakureki|disability_status)_$",
        r"年収|学歴|世帯",
        where="party",
    ),
    _rule(
        "user.social", "demographic", 0.75, r"_(relationship|relation|zokugara|tsudukigara)_$", r"続柄", where="person"
    ),
    _rule(
        "user.job_title",
        "occupation",
        0.85,
        r"_(job|job_title|occupation|profession|shokugyo|syokugyo|yakushoku|job_code|position_title)_$",
        r"職業|役職|勤務先",
        where="party",
    ),
    _rule(
        "user.workplace",
        "occupation",
        0.75,
        r"_(department|busho|shozoku|employer|kinmusaki|office_name|department_name|workplace)_$",
        r"部署|所属|勤務先",
        where="person",
        kinds="text",
    ),
    _rule(
        "user.content.self_image",
        "photo",
        0.85,
        r"_(photo|photo_(file|file_name|path|url|name)|avatar|picture|portrait|kao_?shashin|profile_(image|photo|picture)|face_image|image_name)_",
        r"顔写真|写真",
        where="party",
        kinds="text binary",
    ),
    _rule(
        "user.biometric",
        "biometric",
        0.9,
        r"_(fingerprint|face_(template|encoding|vector)|iris|voiceprint|shimon|biometric\w*)_",
        r"指紋|生体|顔特徴",
    ),
    _rule(
        "user.criminal_history",
        "criminal_history",
        0.9,
        r"_(criminal_\w+|zenka|hanzai\w*|conviction)_",
        r"前科|犯罪(経)?歴",
    ),
    # names
    _rule(
        "user.name",
        "name",
        0.93,
        r"_(full_?name|shimei|simei|person_name|patient_name|customer_name|member_name|reviewer_name|holder_name|contact_name|contact_person|shain_mei|kokyaku_mei|kanja_mei|kaiin_mei|namae|onamae|display_name|name_kanji|kanji_name|seimei|user_full_name|employee_name|owner_name|author_name|recipient_name|sender_name|applicant_name|law_manager|manager_name|tantosha(_mei)?|tantousha(_mei)?|daihyosha(_mei)?|insured_name|beneficiary_name|payer_name|hf_?name|company_kana)_",
        r"氏名|姓名|お名前|宛名|担当者名|代表者名|契約者名|顧客名|患者名|会員名",
        kinds="text",
        recogniser="name",
    ),
    _rule(
        "user.name",
        "name",
        0.93,
        r"_(kana|furigana|hurigana|yomi|yomigana|name_(kana|furigana|yomi|romaji)|kana_(name|shimei|sei|mei)|shimei_kana|simei_kana|sei_kana|mei_kana|katakana|romaji|roma_name|kana_?\d+)(_\d+)?_$",
        r"カナ$|フリガナ|ふりがな|よみがな|ヨミ|ローマ字",
        where="party",
        kinds="text",
        recogniser="kana",
    ),
    _rule(
        "user.name.last",
        "name",
        0.92,
        r"_(last_?name|family_?name(_?\d|_prefix|_suffix)?|surname|sei|myoji|sur_name|name_last|kanji_sei|sei_kanji|name_?0?1|veo_last_name|maiden_name|kyusei|lastname)_$",
        r"^姓|名字|旧姓|苗字",
        where="party",
        kinds="text",
        recogniser="name",
    ),
    _rule(
        "user.name.first",
        "name",
        0.92,
        r"_(first_?name|given_?name|fore_?name|middle_?name|other_names?|mei|name_first|kanji_mei|mei_kanji|name_?0?2|firstname|nickname|middle_initial)_$",
        r"^名$|名前",
        where="party",
        kinds="text",
        recogniser="name",
    ),
    _rule(
        "user.name",
        "name",
        0.8,
        r"^_(prefix|suffix|salutation|honorific|keisho|degree|name_prefix|name_suffix)_$",
        r"敬称",
        where="person",
        kinds="text",
    ),
    _rule(
        "user.account.username",
        "username",
        0.85,
        r"_(user_?name|login|login_?(id|name|user)|screen_name|account_name|userid|user_login|handle|system_id|riyosha_id)_$",
        r"ログインID|ログイン名|ユーザー名|利用者ID",
        where="person",
        kinds="text",
        recogniser="username",
    ),
    # contracts
    _rule(
        "user.unique_id",
        "policy_number",
        0.92,
        r"_(policy_no|policy_code|contract_no|shoken_?(no|bango)|syoken_?(no|bango)|hoken_?shoken\w*|keiyaku_?(no|bango)|keiyaku_code)_$",
        r"証券番号|契約番号",
        kinds="text number",
    ),
    # health
    _rule(
        "user.health_and_medical",
        "health",
        0.85,
        r"_(diagnosis|diagnoses|disease|byomei|shobyo\w*|symptom\w*|allergy|allergies|allergy_type|blood_type|ketsueki\w*|height_cm|weight_kg|medication|prescription|clinical_\w+|medical_history|kiou?reki|byoreki|injury|cause_of_death|death_date|dead|deceased|smoking\w*|pregnan\w+|disability|shogai\w*|kenshin\w*|icd_?\w*|icdid(_\d)?|test_result|lab_result|vital\w*|treatment|specimen_source|laterality|hl_7_data|hl_7_message)_",
        r"病名|傷病|診断|症状|既往|病歴|アレルギー|血液型|身長|体重|投薬|処方|障害|検査結果|受傷|健診",
        where="party",
    ),
    _rule(
        "user.behavior.purchase_history",
        "purchase_history",
        0.8,
        r"_(first|last)_(buy|purchase|order)_(date|at)_|_(buy|purchase|order)_(times|total|count)_|_total_spent_",
        r"購入(回数|金額|日)",
        where="party",
    ),
    # words of a person
    _rule(
        "user.privacy_preferences",
        "preferences",
        0.75,
        r"_(opt_(in|out)|newsletter|mailmaga\w*|consent\w*|marketing_\w+|subscribed|approval_of_sms|doi_\w+)_",
        r"同意|メルマガ|配信停止",
        where="person",
    ),
    _rule(
        "user.unique_id",
        "member_number",
        0.8,
        r"_(member_no|customer_no|customer_code|kaiin_?(no|bango|id)|kokyaku_?(no|bango|code)|shain_?(no|bango|code)|employee_no|staff_no|jugyoin_?(no|bango)|student_no|member_code|external_id)_$",
        r"会員番号|顧客番号|社員番号|お客様番号|職員番号",
    ),
)

FREE_TEXT = re.compile(
    r"_(note|notes|memo|memo_\d+|comment|comments|remark|remarks|biko|bikou|message|body|mail_body|text|content|contents|naiyo|free_text|description|explanation|justification|adjustment|inquiry|toiawase|shosai|details|detail|opinion|feedback_text|reason|narrative|instructions|original_text|summary|answer|question|transcript|clinical_history)_$"
)
FREE_TEXT_JA = re.compile(r"備考|メモ|内容|コメント|自由記述|問い合わせ|お問い合わせ|詳細|理由|特記|申送|履歴")

BOOKKEEPING = re.compile(
    r"_(created|updated|modified|deleted|changed|inserted|registered|retired|voided|synced|applied|expire|expires|valid|validity|audit|legacy|toroku|koshin|sakujo|sakusei)"
    r"(_\w+)?_$|_(date_created|date_changed|date_voided|date_retired|create_\w+|update_\w+|creator|creator_id|changed_by|voided_by|retired_by|void_reason|retire_reason|row_?id|row_?version|uuid|guid|del_flg|delete_flg|is_deleted|is_active|sort_?\w*|display_order|lock_version|etag|checksum|md_5_sum|validity_(from|to)|legacy_id|last_login|is_offline|\w+_uuid)_$"
    r"|^_(version|revision|active|enabled?|rank|ordinal|position|priority|locale|timestamp|source|source_version)_$"
)
KEYLIKE = re.compile(r"_(id|key|pk|fk|uuid|guid|oid|rowid)_$")
NUMBERLIKE = re.compile(r"_(no|code|bango|reference|ref|identifier|serial)_$")
