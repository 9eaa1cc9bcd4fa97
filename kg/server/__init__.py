"""HTTP on this machine: the SPARQL 1.1 Protocol, read-only, and a REST API in the shapes of the command line.

`/sparql`, `/api/…`, `/health`, `/metrics`, `/openapi.json`; `/` tells people what there is. What cannot be honoured is
refused with a reason.
"""

from __future__ import annotations

from kg.server.app import create_app
from kg.server.running import serve

__all__ = ["create_app", "serve"]
