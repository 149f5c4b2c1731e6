"""What a line of evidence shows on a screen: its structure, never a secret or a person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakuho.evidence.masking import masked


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (
            '10.0.0.7 - - [19/Mar/2025:09:00:01 +0900] "GET /a/?q=%E5%B1%B1&page=2 HTTP/1.1" 200 512',
            '10.0.0.7 - - [19/Mar/2025:09:00:01 +0900] "GET /a/?q=•••&page=••• HTTP/1.1" 200 512',
        ),
        (
            "2025-03-19 09:00:01.123 JST LOG:  statement: SELECT i FROM p WHERE n = '山田 太郎' AND t = '03-1234-5678'",
            "2025-03-19 09:00:01.123 JST LOG:  statement: SELECT i FROM p WHERE n = '•••' AND t = '•••'",
        ),
        (
            "Failed password for taro from 192.0.2.1 port 22 ssh2",
            "Failed password for taro from 192.0.2.1 port 22 ssh2",
        ),
        ("login taro@example.jp ok", "login •••@••• ok"),
        ("login taro%40example.jp ok", "login •••@••• ok"),
        ('{"user":"t","password":"hunter2","n":1}', '{"user":"t","password":"•••","n":1}'),
        ("Cookie: sessionid=abc; csrftoken=def", "Cookie: •••"),
        ("ALTER ROLE web PASSWORD 'x'", "ALTER ROLE web PASSWORD '•••'"),
        ("name=高橋はなこ tel 090-1234-5678 no 12345678", "name=••• tel ••• no •••"),
        ("type=EXECVE a1=2D2D70617373", None),
    ],
)
def test_values_are_masked_and_the_rest_stays(line: str, shown: str | None) -> None:
    if shown is not None:
        assert masked(line) == shown
    assert "hunter2" not in masked(line) and "山田" not in masked(line)


@given(st.text(st.characters(min_codepoint=0x3041, max_codepoint=0x9FFF), min_size=1), st.text(max_size=30))
def test_no_japanese_character_is_ever_shown(name: str, around: str) -> None:
    assert not any(
        "\u3041" <= char <= "\u309f" or "\u4e00" <= char <= "\u9fff" for char in masked(around + name + around)
    )


@given(
    st.from_regex(r"[a-z]{1,10}\.[a-z]{1,10}@[a-z]{2,10}\.(co\.jp|com)", fullmatch=True),
    st.sampled_from([" ", '"', "=", ","]),
)
def test_no_mail_address_is_ever_shown(address: str, mark: str) -> None:
    assert address not in masked(f"x{mark}{address}{mark}y")
