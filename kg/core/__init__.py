"""What every other package may use: the model, errors, settings, identifiers, text helpers, progress.

Nothing here imports another package of the project, and nothing here does input or output beyond reading
the environment (`config`).
"""
