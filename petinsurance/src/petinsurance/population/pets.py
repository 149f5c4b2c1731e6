"""The kinds of pets that there are: names with weights, breeds with their rating class."""

from typing import NamedTuple

from petinsurance.population.wordlists import entries


class Breed(NamedTuple):
    species: str
    rating_class: str
    weight: int
    name: str


#: Writing, reading in Latin letters, weight.
PET_NAMES = tuple((name, romaji, int(weight)) for name, romaji, weight in entries("pet_names"))
PET_NAME_WEIGHTS = tuple(weight for _, _, weight in PET_NAMES)

BREEDS = tuple(
    Breed(species, rating_class, int(weight), name) for species, rating_class, weight, name in entries("breeds")
)
BREED_WEIGHTS = tuple(breed.weight for breed in BREEDS)
