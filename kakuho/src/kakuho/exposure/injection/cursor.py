"""Where a parser of injected fragments stands in its tokens, and how it goes on."""

from __future__ import annotations

from abc import ABC, abstractmethod

from kakuho.exposure.injection.grammar import TYPE_TAILS
from kakuho.exposure.injection.nodes import Node, Select
from kakuho.exposure.injection.tokens import OPERATOR, WORD, Token


class Cursor(ABC):
    """A place in a list of tokens. What can stand in brackets everywhere is read by those that build on it."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.errors = 0
        self.depth = 0
        self.known: dict[tuple[tuple[str, str], ...], Select] = {}
        self.calls: dict[tuple[str, ...], Node] = {}

    @abstractmethod
    def _expression(self, level: int, left: Node | None = None) -> Node:
        """One expression, up to an operator that binds less than ``level``."""

    @abstractmethod
    def _primary(self) -> Node:
        """What stands between operators."""

    def _type_words(self) -> str:
        """A type: ``NVARCHAR(4000)``, ``double precision``, ``text[]``."""
        words: list[str] = []
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.kind == WORD and (not words or token.word in TYPE_TAILS):
                words.append(token.text.upper())
                self.at += 1
            elif token.kind == OPERATOR and token.text == "(" and words:
                self.at += 1
                self._skip_to_close()
            else:
                break
        return " ".join(words)

    def _skip_to_close(self, *, leave: bool = False) -> None:
        depth = 1
        while self.at < len(self.tokens):
            operator = self._operator()
            depth += (operator == "(") - (operator == ")")
            if depth == 0 and leave:
                return
            self.at += 1
            if depth == 0:
                return

    def _close(self) -> None:
        if self._operator() == ")":
            self.at += 1
        elif self.at < len(self.tokens):
            self.errors += 1
            self._skip_to_close()

    def _take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def _word(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return self.tokens[at].word if 0 <= at < len(self.tokens) else ""

    def _operator(self, ahead: int = 0) -> str:
        at = self.at + ahead
        if 0 <= at < len(self.tokens) and self.tokens[at].kind == OPERATOR:
            return self.tokens[at].text
        return ""
