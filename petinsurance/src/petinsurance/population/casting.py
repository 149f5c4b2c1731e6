"""Who appears in which records, and when: the truth that a matching of persons is later measured against.

Persons are numbers here; what they are called and where they live is decided elsewhere. The shares are ours, chosen to
be plausible for a direct insurer; none is published.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from petinsurance.population.counts import Counts, part
from petinsurance.population.dice import Dice, Flags, Integers
from petinsurance.population.moments import WEB_HOURS, day_of, moments, time_of_day

#: Policyholders registered twice (came back after a cancellation, or first through an agency and then on the web).
REGISTERED_TWICE = 0.006
#: Policyholders whose quote on the web site is still kept; the others came through agencies and by paper.
QUOTED_BEFORE_BUYING = 0.52
#: Of those, how many asked for a second quote (another plan) before they bought.
QUOTED_TWICE_BEFORE_BUYING = 0.10
#: Quotes that never became a policy and are a person's second one.
SECOND_QUOTES = 0.12
#: Brochure requests by people who became policyholders, and by people who asked for a quote and did not buy.
BROCHURES_OF_POLICYHOLDERS = 0.08
BROCHURES_OF_PROSPECTS = 0.20
#: Brochure requests that are a person's second one.
SECOND_BROCHURES = 0.03
#: Injured third parties who are policyholders themselves (neighbours in the dog park), or once asked for a quote.
INJURED_POLICYHOLDERS = 0.04
INJURED_PROSPECTS = 0.05

#: Days before the reference date, by tenths: the business grew, so most records are of the last years.
POLICYHOLDER_SINCE = (2, 120, 300, 520, 800, 1150, 1600, 2150, 2750, 3400, 3900)
PROSPECT_SINCE = (2, 60, 150, 270, 420, 600, 800, 1020, 1270, 1540, 1825)

#: Two policyholders at least are with us so long that an accident can have happened, in the tiniest population too.
LONGEST_WAIT = 400


@dataclass(frozen=True)
class Appearances:
    """The records of one table in order of time: row i has id i + 1."""

    person: Integers
    created: Integers

    @classmethod
    def in_order(cls, person: Integers, created: Integers) -> tuple["Appearances", Integers]:
        """The appearances by time, and where each came from."""
        order = np.argsort(created, kind="stable")
        return cls(person[order], created[order]), order


@dataclass(frozen=True)
class Cast:
    """Everyone, by number from 0: the policyholders, then those who only asked, then those who were only injured."""

    persons: int
    adults: int  # the first so many made a contract or a request themselves, so they are of age
    policyholder: Appearances
    quote: Appearances
    quote_bought: Flags
    brochure_request: Appearances
    injured_third_party: Integers


def cast(counts: Counts, seed: int, as_of: datetime) -> Cast:
    dice = Dice(seed, "casting")
    today = day_of(as_of)

    def at(days_before: Integers) -> Integers:
        days = today - np.maximum(days_before, 1)
        return moments(days, time_of_day(dice, len(days), WEB_HOURS))

    repeated = part(counts.policyholder, REGISTERED_TWICE)
    holders = counts.policyholder - repeated
    since = dice.curve(holders, POLICYHOLDER_SINCE)
    since[:2] = np.maximum(since[:2], LONGEST_WAIT)
    twice = dice.subset(holders, repeated)
    since_again = (since[twice] * dice.uniform(repeated)).astype(np.int64)
    policyholder, _ = Appearances.in_order(
        np.concatenate([np.arange(holders), twice]), at(np.concatenate([since, since_again]))
    )

    buyers = dice.subset(holders, part(holders, QUOTED_BEFORE_BUYING))
    asked = since[buyers] + dice.between(len(buyers), 1, 45)
    again = dice.subset(len(buyers), part(len(buyers), QUOTED_TWICE_BEFORE_BUYING))
    asked_again = asked[again] + dice.between(len(again), 1, 90)
    unsold = counts.quote - len(buyers) - len(again)
    prospects = unsold - part(unsold, SECOND_QUOTES)
    prospect_asked = dice.curve(prospects, PROSPECT_SINCE)
    second = dice.subset(prospects, unsold - prospects)
    second_asked = prospect_asked[second] - dice.between(len(second), 3, 400)
    quote, order = Appearances.in_order(
        np.concatenate([buyers, buyers[again], holders + np.arange(prospects), holders + second]),
        at(np.concatenate([asked, asked_again, prospect_asked, second_asked])),
    )
    bought = order < len(buyers)

    known = dice.subset(holders, part(counts.brochure_request, BROCHURES_OF_POLICYHOLDERS))
    curious = dice.subset(prospects, part(counts.brochure_request, BROCHURES_OF_PROSPECTS))
    others = counts.brochure_request - len(known) - len(curious)
    readers = others - part(others, SECOND_BROCHURES)
    reader_asked = dice.curve(readers, PROSPECT_SINCE)
    reread = dice.subset(readers, others - readers)
    first_reader = holders + prospects
    brochure_request, _ = Appearances.in_order(
        np.concatenate([known, holders + curious, first_reader + np.arange(readers), first_reader + reread]),
        at(
            np.concatenate(
                [
                    since[known] + dice.between(len(known), 5, 90),
                    prospect_asked[curious] + dice.between(len(curious), -60, 60),
                    reader_asked,
                    reader_asked[reread] - dice.between(len(reread), 20, 300),
                ]
            )
        ),
    )

    adults = first_reader + readers
    hurt_holders = dice.subset(holders, max(1, part(counts.injured_third_party, INJURED_POLICYHOLDERS)))
    hurt_prospects = dice.subset(prospects, max(1, part(counts.injured_third_party, INJURED_PROSPECTS)))
    strangers = counts.injured_third_party - len(hurt_holders) - len(hurt_prospects)
    hurt = np.concatenate([hurt_holders, holders + hurt_prospects, adults + np.arange(strangers)])
    return Cast(
        persons=adults + strangers,
        adults=adults,
        policyholder=policyholder,
        quote=quote,
        quote_bought=bought,
        brochure_request=brochure_request,
        injured_third_party=hurt[dice.shuffled(len(hurt))],
    )
