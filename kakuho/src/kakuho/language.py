"""Text for people in Japanese and English, as one value.

A :class:`Bilingual` is a ``str`` (its English text), so it goes wherever a plain message goes, a
:class:`kakuho.errors.KakuhoError` included; whoever prints it may ask for the Japanese. It knows nothing of
cases, consoles or settings.
"""

from __future__ import annotations

from typing import Literal, Self

Language = Literal["ja", "en"]


class Bilingual(str):
    """A message whose ``str`` value is the English text and whose ``ja`` is the Japanese one."""

    __slots__ = ("ja",)

    ja: str

    def __new__(cls, *, ja: str, en: str) -> Self:
        text = super().__new__(cls, en)
        text.ja = ja
        return text

    def __getnewargs_ex__(self) -> tuple[tuple[()], dict[str, str]]:
        """Both languages travel from process to process."""
        return (), {"ja": self.ja, "en": str(self)}


def in_language(text: str, language: Language) -> str:
    """The text in ``language`` where it has one in it, else as it is."""
    if language == "ja" and isinstance(text, Bilingual):
        return text.ja
    return str(text)
