"""What can go wrong when a population is generated or loaded."""

from petinsurance.errors import PetinsuranceError


class PopulationError(PetinsuranceError):
    """A request for a population that cannot be met."""
