"""Veterinary institutions, investigation partners and agencies."""
