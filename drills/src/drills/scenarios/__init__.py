"""The intrusions. Each plans what its intruder does, does it over real connections, and keeps what came back.

What a scenario records is all that the truth is made of. It may not look at any log of petinsurance.
"""
