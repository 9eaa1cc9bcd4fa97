"""A provider of OpenID Connect on loopback, for one browser test: whoever clicks on an account is logged in as it."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import uvicorn
from joserfc import jwk, jwt
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "policykg", "of-the-test-only"
ACCOUNTS = ("editor@x.cn", "viewer@x.cn", "zhang@x.cn", "li@x.cn")


@contextmanager
def provider(port: int) -> Iterator[str]:
    """Runs it; gives the address of its metadata."""
    issuer = f"http://127.0.0.1:{port}"
    key = jwk.RSAKey.generate_key(2048, {"kid": "test", "use": "sig", "alg": "RS256"})
    codes: dict[str, tuple[str, str]] = {}

    def metadata(_: Request) -> Response:
        paths = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks"}
        return JSONResponse(
            {
                "issuer": issuer,
                **{name: f"{issuer}/{path}" for name, path in paths.items()},
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    def authorize(request: Request) -> Response:
        asked = request.query_params
        if "account" not in asked:
            links = (f'<p><a href="?{urlencode({**asked, "account": name})}">{name}</a></p>' for name in ACCOUNTS)
            return HTMLResponse("".join(links))
        code = secrets.token_hex(8)
        codes[code] = asked["account"], asked.get("nonce", "")
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")

    async def token(request: Request) -> Response:
        account, nonce = codes.pop(str((await request.form())["code"]))
        now = int(time.time())
        claims = {"iss": issuer, "aud": CLIENT, "sub": account, "iat": now, "exp": now + 600, "nonce": nonce}
        claims |= {"email": account, "email_verified": True, "name": account.partition("@")[0]}
        signed = jwt.encode({"alg": "RS256", "kid": "test"}, claims, key)
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "expires_in": 600, "id_token": signed})

    def keys(_: Request) -> Response:
        return JSONResponse({"keys": [key.as_dict(private=False)]})

    routes = [
        Route("/.well-known/openid-configuration", metadata),
        Route("/authorize", authorize),
        Route("/token", token, methods=["POST"]),
        Route("/jwks", keys),
    ]
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"{issuer}/.well-known/openid-configuration"
    finally:
        server.should_exit = True
        thread.join(10)
