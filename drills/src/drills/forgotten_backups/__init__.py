"""Nightly backups in a folder that the web server gives out, which only a drill has: petinsurance itself has none."""
