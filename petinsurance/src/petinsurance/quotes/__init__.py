"""Quotes, brochure requests and the rating."""
