"""What a person can read on a page."""

from drills.truth.visible import visible_text


def test_text_is_readable_and_scripts_are_not() -> None:
    assert "山田 花子" in visible_text("<h1>山田 花子 さま</h1>")
    assert "秘密" not in visible_text("<script>var a = '秘密'</script><style>.秘密 {}</style>")


def test_a_filled_in_field_is_readable() -> None:
    assert "03-1234-5678" in visible_text('<input type="tel" name="phone" value="03-1234-5678">')


def test_an_option_that_is_not_chosen_says_nothing() -> None:
    page = (
        '<select name="gender"><option value="female">女性</option><option value="male" selected>男性</option></select>'
    )
    assert "女性" not in visible_text(page)
    assert "男性" in visible_text(page)


def test_a_radio_button_that_is_not_chosen_says_nothing() -> None:
    assert "D4" not in visible_text('<input type="radio" name="class" value="D4">')
    assert "D4" in visible_text('<input type="radio" name="class" value="D4" checked>')


def test_a_json_answer_is_read_as_text() -> None:
    assert "山田 花子" in visible_text('{"name": "\\u5c71\\u7530 \\u82b1\\u5b50"}')
