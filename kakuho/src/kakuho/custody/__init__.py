"""Custody: that a case is what it was, provable to someone who has only a public key.

In: a case's folder and journal, keys, time-stamp responses. Out: checkpoints (``checkpoints/``), proofs about the
journal, a verification that names the first bad entry, a case as one file and back. May not know any evidence format,
finding or verdict.
"""
