"""What a SQL statement read: statement → blocks of base rows and columns that can be run on a restored snapshot.

The technique is provenance by rewriting (Perm: Glavic and Alonso, ICDE 2009), kept on the safe side: what is not
understood widens, it never drops. May not know: cases, evidence, events, databases.
"""

from kakuho.exposure.sql.analysis import analyse, session_in
from kakuho.exposure.sql.block import Analysis, Block, Slot, Window
from kakuho.exposure.sql.dialect import MYSQL, POSTGRESQL
from kakuho.exposure.sql.folded import in_lower_case
from kakuho.exposure.sql.forms import Session, session_of
from kakuho.exposure.sql.schema import Schema
from kakuho.exposure.sql.shapes import Shapes

__all__ = [
    "MYSQL",
    "POSTGRESQL",
    "Analysis",
    "Block",
    "Schema",
    "Session",
    "Shapes",
    "Slot",
    "Window",
    "analyse",
    "in_lower_case",
    "session_in",
    "session_of",
]
