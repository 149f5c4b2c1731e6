"""disclosure_ledger."""
