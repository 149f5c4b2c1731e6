"""Where a schema can be read: databases, dumps, DDL, folders of files.

In: a URL or a path. Out: a ``SourceSchema``: tables, columns, keys, and a bounded sample of values for the classifier.
May not know: the inventory. Nothing here writes, and no sampled value is printed, logged or kept.
"""

from kakuho.inventory.sources.model import ForeignKey, SourceColumn, SourceSchema, SourceTable
from kakuho.inventory.sources.opening import read_schema, without_password

__all__ = ["ForeignKey", "SourceColumn", "SourceSchema", "SourceTable", "read_schema", "without_password"]
