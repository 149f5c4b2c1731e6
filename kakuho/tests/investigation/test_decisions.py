"""The last word on an indicator and on a path, as the journal holds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kakuho.case import Journal
from kakuho.errors import UsageError
from kakuho.investigation.decisions import Decisions, parse_indicator
from kakuho.investigation.wording import WORDING, wording


def test_a_later_decision_replaces_the_earlier(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl", who="hanako")
    address = {"type": "address", "value": "203.0.113.1"}
    journal.append("indicator.confirmed", address | {"reason": "stuffing"})
    journal.append("indicator.dismissed", address | {"reason": "our own scanner"}, who="taro")
    journal.append("path.decided", {"id": "backup", "state": "open", "basis": "unknown yet"})
    journal.append("path.decided", {"id": "backup", "state": "closed", "basis": "its log was read"})
    journal.append("case.created", {})
    found = Decisions.of(journal.entries())
    decided = found.on("address", "203.0.113.1")
    assert decided is not None
    assert (decided.state, decided.by, decided.reason) == ("dismissed", "taro", "our own scanner")
    assert (found.paths["backup"].state, found.paths["backup"].by) == ("closed", "hanako")
    assert found.on("address", "203.0.113.2") is None


def test_an_indicator_is_given_as_type_and_value() -> None:
    assert parse_indicator("user_agent=sqlmap/1.9 (a=b)", option="--confirm") == ("user_agent", "sqlmap/1.9 (a=b)")


@pytest.mark.parametrize("text", ["203.0.113.1", "ip=203.0.113.1", "address=", "=x"])
def test_anything_else_is_answered_with_the_types_that_exist(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_indicator(text, option="--dismiss")
    assert "statement_shape" in caught.value.remedy
    assert caught.value.where == f"--dismiss {text}"


def test_every_reason_is_there_in_both_languages_and_a_persons_own_words_stay() -> None:
    assert all(words.ja and str(words) for words in WORDING.values())
    assert (wording("our own scanner"), wording("our own scanner").ja) == ("our own scanner", "our own scanner")
