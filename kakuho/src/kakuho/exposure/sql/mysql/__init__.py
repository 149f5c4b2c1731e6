"""What differs where the statement is MySQL's or MariaDB's: how a text is read, and the forms in which queries come.

The texts are put into plain spelling first (:mod:`words`, :mod:`plain`), so that sqlglot's reading of them can be held
against what was written (:mod:`faithful`). May not know: cases, evidence, events, databases.
"""
