"""What a file holds: dumps, exports, archives and mails, read as tables, and whose data and which items are in them.

In: a file, the inventory, the snapshot's tables. Out: cells (subject, item), each exact or not, and what could not be
told. Nothing of a file is executed. May not know: cases, events, who took the file.
"""
