"""Access paths drafted: from a Django project that runs against its own test client, or from an OpenAPI description.

In: a settings module or a file, and the inventory's collections. Out: drafted routes: path, who must be logged in,
which items
of whom were really seen in the answer. May not know: cases, evidence. Django runs in a process of its own, with the
project's
interpreter (``django_probe.py``); nothing here imports it.
"""
