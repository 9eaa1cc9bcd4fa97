"""Mentions to entities, in the context of the place that issued the document."""
