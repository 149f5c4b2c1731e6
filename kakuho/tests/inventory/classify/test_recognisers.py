"""What values look like."""

from __future__ import annotations

import pytest

from kakuho.inventory.classify.recognisers import RECOGNISERS, is_spread_of_births


@pytest.mark.parametrize(
    ("recogniser", "value"),
    [
        ("phone", "090-1234-5678"),
        ("phone", "０３－１２３４－５６７８"),
        ("phone", "0312345678"),
        ("phone", "+819012345678"),
        ("phone", "0120-123-456"),
        ("postal_code", "150-0002"),
        ("postal_code", "〒1500002"),
        ("postal_code", "1500002"),
        ("email", "someone@example.jp"),
        ("kana", "ヤマダ ハナコ"),
        ("kana", "ﾔﾏﾀﾞ ﾊﾅｺ"),
        ("kana", "やまだ はなこ"),
        ("name", "山田 花子"),
        ("name", "佐々木　健"),
        ("name", "Mary O'Neil"),
        ("address", "東京都渋谷区渋谷2-21-1"),
        ("address", "札幌市中央区北一条西2丁目"),
        ("prefecture", "大阪府"),
        ("ip", "2001:db8::1"),
        ("ip", "192.0.2.1"),
        ("secret", "$2b$12$abcdefghijklmnopqrstuuJ0Q8Yx0ZyqGk8b0b8o4bX2e1qf1b2c"),
        ("secret", "argon2$argon2id$v=19$m=102400,t=2,p=8$c29tZQ$aGFzaA"),
        ("bank", "普通"),
        ("bank", "みずほ銀行"),
        ("birth_date", "1980-01-02"),
        ("birth_date", "1980年1月2日"),
        ("my_number", "1234-5678-9018"),
    ],
)
def test_is(recogniser: str, value: str) -> None:
    assert RECOGNISERS[recogniser](value)


@pytest.mark.parametrize(
    ("recogniser", "value"),
    [
        ("phone", "2026-01-02"),
        ("phone", "1234567"),
        ("postal_code", "12345678"),
        ("email", "@example"),
        ("kana", "山田"),
        ("name", "未入力 不明"),
        ("address", "東京都"),
        ("ip", "12"),
        ("secret", "plain words"),
        ("birth_date", "1980-13-02"),
        ("birth_date", "2999-01-01"),
        ("free_text", "普通"),
    ],
)
def test_is_not(recogniser: str, value: str) -> None:
    assert not RECOGNISERS[recogniser](value)


def test_births_spread_over_decades_and_orders_do_not() -> None:
    assert is_spread_of_births([f"{year}-04-01" for year in range(1935, 2000, 5)])
    assert not is_spread_of_births([f"2025-{month:02}-01" for month in range(1, 13)])
