"""Policyholders and insured persons."""
