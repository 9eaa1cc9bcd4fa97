"""The facade: everything that a face (command line, server, app) may ask, as plain JSON-able values.

The shapes are those of the command-line contract; `views` makes them.
"""

from __future__ import annotations

from kg.service.service import Service
from ontology.personal import MASK

__all__ = ["MASK", "Service"]
