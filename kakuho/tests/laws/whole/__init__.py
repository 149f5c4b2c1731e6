"""Generated intrusions from the first login to the verdicts: deeds, losses of evidence, the real investigation."""
