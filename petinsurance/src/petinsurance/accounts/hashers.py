"""Argon2id with the parameters of the OWASP Password Storage Cheat Sheet (m = 19 MiB, t = 2, p = 1).

Django's own choice takes 100 MiB for each login under way, which lets a stuffing run exhaust the server's memory.
"""

from django.contrib.auth.hashers import Argon2PasswordHasher


class OwaspArgon2PasswordHasher(Argon2PasswordHasher):
    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1
