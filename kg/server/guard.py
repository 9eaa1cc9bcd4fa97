"""Who may ask: the name that the server is called by, and the token where the site has set one."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.core.errors import UsageError
from kg.core.rights import Groups, Rights
from kg.server.errors import reply_to
from kg.service import Service
from kg.service.audit import Actor

LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")
OPEN = frozenset(["/health"])  # what a supervisor asks, and what tells nothing of the documents


READER = "policykg.reader"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, as the token says, and what may be seen: None for everything (`kg.core.rights`)."""

    name: str
    groups: Groups | None


def seen_by(scope: Scope, service: Service) -> Service:
    """The service as the one who asks may see it."""
    reader: Reader = scope.get(READER) or Reader("", None)
    return service.seen_by(reader.groups, Actor(reader.name, "http") if reader.name else None)


class Guard:
    """Refuses other host names (400: a page elsewhere must not reach the server by DNS) and wrong tokens (401)."""

    def __init__(
        self, app: ASGIApp, *, hosts: tuple[str, ...], token: str, rights: Callable[[], Rights | None] = lambda: None
    ) -> None:
        self.app = app
        self.hosts = hosts
        self.token = token
        self.rights = rights

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer with the reason why not."""
        try:
            problem = self._problem(scope) if scope["type"] == "http" else None
        except UsageError as error:  # a file of rights that cannot be read: nobody gets in by that
            problem = error
        await (self.app if problem is None else reply_to(problem))(scope, receive, send)

    def _problem(self, scope: Scope) -> UsageError | None:
        headers = Headers(scope=scope)
        name = headers.get("host", "").lower()
        host = name if name.endswith("]") else name.rpartition(":")[0] or name
        if "*" not in self.hosts and host not in self.hosts:
            return UsageError(f"本服务只以 {'、'.join(self.hosts)} 的名义应答，请用其中之一访问")
        rights = self.rights()
        if rights is not None:
            scope[READER] = Reader("", rights.of_reader(""))  # everybody's, until a token says more
        if scope["path"] in OPEN or not (self.token or "authorization" in headers):
            return None
        scheme, _, given = headers.get("authorization", "").partition(" ")
        sent = given.strip().encode("latin-1", "replace")  # the bytes of the header; a token may be Chinese
        if scheme.lower() == "bearer":
            if self.token and hmac.compare_digest(sent, self.token.encode()):
                scope[READER] = Reader("", None)
                return None
            if rights is not None and (found := rights.of_token(sent.decode(errors="replace"))):
                scope[READER] = Reader(*found)
                return None
        if not self.token:
            return None
        hint = "访问令牌不对" if given else "需要访问令牌"
        return UsageError(
            f"{hint}，请在请求头中写 Authorization: Bearer 令牌（即服务端的 POLICYKG_SERVER_TOKEN）", status=401
        )
