"""Pages as a browser sees them."""

from drills.traffic.page import Page

HTML = """
<a href="/mypage/policies/12/">P</a> <a href="/mypage/policies/12/">P</a> <a href="../policies/13/">Q</a>
<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="t0"><input name="login" value="">
<input type="password" name="password"><input type="submit" name="go" value="go"></form>
<form method="post" action="/mypage/profile/edit/"><textarea name="body">一行</textarea>
<select name="plan"><option value="50">50%</option><option value="70" selected>70%</option></select>
<input type="checkbox" name="consent"><input type="radio" name="kind" value="a" checked></form>
"""


def _page() -> Page:
    return Page("http://127.0.0.1:8000/mypage/claims/", 200, HTML)


def test_links_below_a_path_once_each_and_resolved() -> None:
    assert _page().links_under("/mypage/policies/") == ["/mypage/policies/12/", "/mypage/policies/13/"]


def test_a_form_keeps_its_token_and_goes_to_its_own_page() -> None:
    form = _page().form_with("login", "password")
    assert form is not None
    assert form.values == {"csrfmiddlewaretoken": "t0", "login": "", "password": ""}
    assert form.action == "http://127.0.0.1:8000/mypage/claims/"


def test_a_form_is_filled_with_what_the_page_has_chosen() -> None:
    form = _page().form_with("plan")
    assert form is not None
    assert form.values == {"body": "一行", "plan": "70", "kind": "a"}
    assert form.choices == {"plan": ["50", "70"], "consent": ["on"], "kind": ["a"]}
