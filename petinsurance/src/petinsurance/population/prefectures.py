"""The 47 prefectures: how many people live there, which area codes and which regional banks serve them."""

from dataclasses import dataclass
from functools import cache

from petinsurance.population.wordlists import entries


@dataclass(frozen=True)
class Prefecture:
    name: str
    population: int  # about ten thousands
    exchanges: tuple[tuple[str, str], ...]  # area code, first digits of the local number
    regional_banks: tuple[str, ...]


@cache
def prefectures() -> tuple[Prefecture, ...]:
    return tuple(
        Prefecture(
            name,
            int(population),
            tuple((code, lead) for code, _, lead in (exchange.partition("-") for exchange in exchanges.split(","))),
            tuple(banks.split(",")),
        )
        for name, population, exchanges, banks in entries("prefectures")
    )
