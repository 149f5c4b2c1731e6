"""Every evidence format against hostile bytes: ``python -m tests.fuzz --mutants 1000000 --seed 1``.

Sound files of each format are mutated; whatever comes out, a format may only give parts that hold together or raise
UsageError. It is written against the registry of formats: one that is added is tried without a line here.
"""
