"""Ordinary life: who visits petinsurance when, planned by seed alone, and the visits themselves over real HTTP.

In: the population's logins, a seed, the days. Out: requests. It may not know the truth, nor what kakuho makes of it.
"""
