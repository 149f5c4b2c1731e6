add_evidence = None
