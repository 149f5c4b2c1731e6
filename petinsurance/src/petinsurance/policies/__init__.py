"""Pets and policies."""
