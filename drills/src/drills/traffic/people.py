"""The people of ordinary life and what they come with: an address or two, a browser, a login."""

import random
from dataclasses import dataclass

from drills.chance import chance_for

USER_AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:136.0) Gecko/20100101 Firefox/136.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3"
    " Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3"
    " Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0 Mobile"
    " Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0"
    " Safari/537.36 Edg/134.0.0.0",
)
_MOBILE = USER_AGENTS[3:5]


@dataclass(frozen=True)
class Device:
    """Where a visit comes from."""

    address: str
    user_agent: str


@dataclass(frozen=True)
class Member:
    """Somebody with an account: the login, its password, and the devices that it is used from."""

    login: str
    password: str
    devices: tuple[Device, ...]


def home_device(chance: random.Random) -> Device:
    """A device of somebody at home; addresses 127.16.0.0 to 127.95.255.255 stand for consumers' providers."""
    address = f"127.{chance.randint(16, 95)}.{chance.randint(0, 255)}.{chance.randint(1, 254)}"
    return Device(address, chance.choice(USER_AGENTS))


def mobile_device(chance: random.Random) -> Device:
    """A telephone; addresses 127.100.*.* stand for mobile networks."""
    return Device(f"127.100.{chance.randint(0, 63)}.{chance.randint(1, 254)}", chance.choice(_MOBILE))


def office_device(chance: random.Random, network: int) -> Device:
    """A desk in an office; addresses 127.10.<network>.* are one office's."""
    return Device(f"127.10.{network}.{chance.randint(10, 250)}", chance.choice((USER_AGENTS[0], USER_AGENTS[5])))


def customer(login: str, password: str, seed: int) -> Member:
    """The same customer has the same devices throughout a drill; two in five have a telephone too."""
    chance = chance_for("person", seed, login)
    devices = (home_device(chance), mobile_device(chance)) if chance.random() < 0.4 else (home_device(chance),)
    return Member(login, password, devices)


def employee(login: str, password: str, seed: int, network: int) -> Member:
    """Staff and agencies work from one desk."""
    return Member(login, password, (office_device(chance_for("person", seed, login), network),))
