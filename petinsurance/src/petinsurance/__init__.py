"""petinsurance."""
