"""Liability cover: cases, injured third parties and the negotiation history."""
