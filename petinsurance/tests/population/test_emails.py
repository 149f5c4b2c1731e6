"""Mail addresses reach nobody: reserved domains only."""

import re

RESERVED = ("example.com", "example.net", "example.org", "example.jp", "example.ne.jp", "example.co.jp")
ADDRESS = re.compile(r"[a-z0-9][a-z0-9._+-]*@(?P<domain>[a-z.]+)")


def test_every_address_is_under_a_reserved_domain(persons):
    for person in persons:
        if person["email"]:
            domain = ADDRESS.fullmatch(person["email"])["domain"]
            assert any(domain == reserved or domain.endswith("." + reserved) for reserved in RESERVED), domain


def test_different_people_have_different_addresses(population):
    both = population.people.email.to_pylist() + population.people.second_email.to_pylist()
    assert len(set(both)) == len(both)


def test_everyone_who_asked_for_a_quote_online_left_an_address(rows):
    assert all(row["email"] for row in rows("quote"))
    assert any(not row["email"] for row in rows("policyholder"))
