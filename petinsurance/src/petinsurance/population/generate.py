"""The whole population, put together from its parts; each part is made when it is first asked for."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
import pyarrow as pa

from petinsurance.population import customers, partners, text
from petinsurance.population.accounts import Accounts, accounts
from petinsurance.population.bank_accounts import Party, bank_accounts
from petinsurance.population.casting import Cast, cast
from petinsurance.population.claims import Claims, claims
from petinsurance.population.counts import Counts
from petinsurance.population.dice import Integers
from petinsurance.population.liability import Liability, liability
from petinsurance.population.moments import AS_OF
from petinsurance.population.names import given_names, surnames
from petinsurance.population.negotiation import negotiation_entries
from petinsurance.population.partners import Partners
from petinsurance.population.people import People, people
from petinsurance.population.policies import Policies, policies
from petinsurance.population.writing import Columns

#: Tables in an order in which every row's references are there before it.
TABLES = (
    "agency",
    "clinic",
    "policyholder",
    "quote",
    "brochure_request",
    "pet",
    "policy",
    "claim",
    "liability_case",
    "injured_third_party",
    "account",
    "negotiation_entry",
    "bank_account",
)


@dataclass(frozen=True)
class Population:
    """A population as columns. The same scale, seed and reference date give the same bytes."""

    scale: float
    seed: int
    as_of: datetime = AS_OF

    def table(self, name: str) -> pa.Table:
        """One of `TABLES`, with the columns of the database's table of that name; ids count from 1."""
        return pa.table(_COLUMNS[name](self))

    @cached_property
    def counts(self) -> Counts:
        return Counts.at(self.scale)

    @cached_property
    def cast(self) -> Cast:
        return cast(self.counts, self.seed, self.as_of)

    @cached_property
    def truth(self) -> pa.Table:
        """Which person (or organisation) each record is about: `subject`, `person`. Never stored in the database."""
        organisations = self.cast.persons + np.arange(self.counts.clinic + self.counts.agency)
        by_table = {
            "policyholder": self.cast.policyholder.person,
            "quote": self.cast.quote.person,
            "brochure_request": self.cast.brochure_request.person,
            "injured_third_party": self.cast.injured_third_party,
            "clinic": organisations[: self.counts.clinic],
            "agency": organisations[self.counts.clinic :],
        }
        subjects = [
            text.join(f"{name}:", text.number(np.arange(1, len(person) + 1))) for name, person in by_table.items()
        ]
        person = pa.array(np.concatenate(list(by_table.values())) + 1)
        return pa.table({"subject": pa.chunked_array(subjects), "person": person})

    @cached_property
    def people(self) -> People:
        return people(self.cast, self.seed, self.as_of)

    @cached_property
    def agencies(self) -> Partners:
        return partners.agencies(self.counts.agency, self.seed, self.as_of)

    @cached_property
    def clinics(self) -> Partners:
        return partners.clinics(self.counts.clinic, self.seed, self.as_of)

    @cached_property
    def policyholders(self) -> tuple[Columns, Integers]:
        return customers.policyholders(self.cast, self.people, self.counts.agency, self.seed, self.as_of)

    @cached_property
    def quotes(self) -> Columns:
        return customers.quotes(self.cast, self.people, self.seed, self.as_of)

    @cached_property
    def brochure_requests(self) -> Columns:
        return customers.brochure_requests(self.cast, self.people, self.seed)

    @cached_property
    def policies(self) -> Policies:
        return policies(self.cast.policyholder.created, self.policyholders[1], self.seed, self.as_of)

    @cached_property
    def claims(self) -> Claims:
        home = self._prefecture(self.cast.policyholder.person)
        return claims(self.policies, home[self.policies.holder], self.clinics, self.seed, self.as_of)

    @cached_property
    def liability(self) -> Liability:
        return liability(self.cast, self.people, self.policies, self.seed, self.as_of)

    @cached_property
    def accounts(self) -> Accounts:
        return accounts(
            self.cast,
            self.policyholders[0]["email"],
            self.agencies.columns["code"],
            self.scale,
            self.seed,
            self.as_of,
        )

    @cached_property
    def negotiation_entries(self) -> Columns:
        return negotiation_entries(self.liability, self.claims, self.accounts.authors, self.seed, self.as_of)

    @cached_property
    def bank_accounts(self) -> Columns:
        holder, hurt, counts = self.cast.policyholder.person, self.cast.injured_third_party, self.counts
        was_paid = np.zeros(len(holder), bool)
        was_paid[self.policies.holder[self.claims.policy[self.claims.paid]]] = True
        return bank_accounts(
            {
                "policyholder": Party(
                    counts.bank_account_policyholder,
                    self._kana(holder),
                    self._prefecture(holder),
                    was_paid,
                    False,
                ),
                "injured_third_party": Party(
                    counts.bank_account_injured_third_party,
                    self._kana(hurt),
                    self._prefecture(hurt),
                    self.liability.paid,
                    False,
                ),
                "clinic": self._organisations(self.clinics, counts.bank_account_clinic),
                "agency": self._organisations(self.agencies, counts.bank_account_agency),
            },
            self.seed,
            self.as_of,
        )

    def _kana(self, person: Integers) -> pa.StringArray:
        """Names now, as banks know them."""
        who = self.people
        return text.join(
            text.pick(surnames().kana, who.surname[person]), "　", text.pick(given_names().kana, who.given[person])
        )

    def _prefecture(self, person: Integers) -> Integers:
        """Where the persons live now."""
        return self.people.homes.prefecture[self.people.living.of_person[person]]

    @staticmethod
    def _organisations(known: Partners, accounts: int) -> Party:
        return Party(accounts, known.bank_name, known.prefecture, np.zeros(len(known.prefecture), bool), True)


_COLUMNS = {
    "agency": lambda whole: whole.agencies.columns,
    "clinic": lambda whole: whole.clinics.columns,
    "policyholder": lambda whole: whole.policyholders[0],
    "quote": lambda whole: whole.quotes,
    "brochure_request": lambda whole: whole.brochure_requests,
    "pet": lambda whole: whole.policies.pet_columns,
    "policy": lambda whole: whole.policies.columns,
    "claim": lambda whole: whole.claims.columns,
    "liability_case": lambda whole: whole.liability.case_columns,
    "injured_third_party": lambda whole: whole.liability.injured_columns,
    "account": lambda whole: whole.accounts.with_hashes(whole.seed),
    "negotiation_entry": lambda whole: whole.negotiation_entries,
    "bank_account": lambda whole: whole.bank_accounts,
}
