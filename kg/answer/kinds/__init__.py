"""The kinds of question, one a module: each plans, asks the graph and words what it got, or passes (None)."""
