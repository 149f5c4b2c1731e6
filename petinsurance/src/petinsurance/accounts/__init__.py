"""Logging in and out, and who may see which part of the site."""
