"""What a hostile client sends, for `serve_load.py --hostile`: which may cost the server time, but nobody else."""

from __future__ import annotations

import http.client
import json
import random
import socket
import urllib.parse

SLOW = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?s (<a>|!<a>)* ?o } ORDER BY ?o",
    "SELECT ?x (GROUP_CONCAT(?l) AS ?all) { ?x ?p ?l . ?y ?q ?m FILTER(REGEX(?l, CONCAT(STR(?m), '+'))) } GROUP BY ?x",
)


class Hostile:
    """One request at a time, of a kind by chance; connections that are left half open stay so until the end."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.open: list[socket.socket] = []

    def send(self, dice: random.Random) -> str:
        """Send one; its kind."""
        kind = dice.choice(("long query", "slow query", "broken JSON", "huge header", "half open", "long search"))
        if kind == "long query":
            text = dice.choice(
                ('SELECT * { ?s ?p "' + '\\"a' * 60_000, "{" * 190_000, "ASK { " + "?s ?p ?o . " * 15_000)
            )
            self.ask("POST", "/sparql", text.encode(), {"Content-Type": "application/sparql-query"})
        elif kind == "slow query":
            self.ask("GET", "/sparql?" + urllib.parse.urlencode({"query": dice.choice(SLOW)}))
        elif kind == "broken JSON":
            body = dice.choice(
                (b'{"question": "', b"[" * 100_000, json.dumps({"question": "质" * 1999}).encode(), b"\xff")
            )
            self.ask("POST", "/api/ask", body, {"Content-Type": "application/json"})
        elif kind == "huge header":
            self.ask("GET", "/health", headers={"X-Huge": "a" * 200_000})
        elif kind == "half open":
            line = socket.create_connection(("127.0.0.1", self.port), timeout=30)
            line.sendall(
                b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999\r\n"[: dice.choice((1, 30, 70))]
            )
            self.open.append(line)
        else:
            words = "".join(dice.choice("质量月开放日首席官“”-：") for _ in range(dice.choice((490, 3900))))
            self.ask("GET", "/api/search?" + urllib.parse.urlencode({"q": words}))
        return kind

    def ask(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> None:
        """Whatever the answer is, or none."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
