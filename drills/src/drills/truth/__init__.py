"""What the intruder truly received, as a set of (subject, item), from the intruder's own recordings.

In: bodies and dumps recorded at the intruder's side, and the rows that the live database holds. Out: the truth.
It may not know kakuho, its inventory, its parser or any log: a truth that shared them would agree with their errors.
"""
