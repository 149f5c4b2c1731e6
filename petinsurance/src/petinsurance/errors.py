"""Errors that an operator sees: what was wrong, where, and what to do."""


class PetinsuranceError(Exception):
    def __init__(self, what: str, *, where: str, remedy: str) -> None:
        super().__init__(f"{what}\n  where: {where}\n  what to do: {remedy}")
