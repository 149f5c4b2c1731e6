"""A download of policyholders as CSV for the staff, which only a drill starts: petinsurance itself exports nothing."""
