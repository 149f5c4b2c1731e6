"""How many records of each kind: the real case's table, and how it shrinks with the scale; nothing of their content."""

from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Decimal

from petinsurance.population.errors import PopulationError


@dataclass(frozen=True)
class Counts:
    """Rows by table. The defaults are SCALE=1: the second public report's table (docs: PETINSURANCE, proportions)."""

    policyholder: int = 143_000
    quote: int = 301_000  # quotes and brochure requests: 399,000 together
    brochure_request: int = 98_000
    injured_third_party: int = 1_000
    clinic: int = 10_000
    agency: int = 199
    bank_account_policyholder: int = 52_000
    bank_account_injured_third_party: int = 381
    bank_account_clinic: int = 446
    bank_account_agency: int = 126

    @property
    def bank_account(self) -> int:
        return (
            self.bank_account_policyholder
            + self.bank_account_injured_third_party
            + self.bank_account_clinic
            + self.bank_account_agency
        )

    @classmethod
    def at(cls, scale: float) -> "Counts":
        """Each count times the scale, rounded half up; at least 2 records of each kind and 1 bank account."""
        if not 0 < scale <= 2:
            raise PopulationError(
                f"there is no population of scale {scale}",
                where="scale",
                remedy="choose more than 0 and at most 2; 1 is the real case's size",
            )
        scaled = {}
        for field in fields(cls):
            floor = 1 if field.name.startswith("bank_account") else 2
            scaled[field.name] = max(floor, part(int(str(field.default)), scale))
        return cls(**scaled)


def part(whole: int, share: float) -> int:
    """A share of a number of records, rounded half up in decimals, as a person would."""
    return int((whole * Decimal(str(share))).to_integral_value(ROUND_HALF_UP))
