"""The ASGI application: Streamlit's app with our middleware and addresses. `python -m dashboards` serves it;
so does any ASGI server: `uvicorn dashboards.asgi:app`.
"""

from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from dashboards.server.deep_link import DeepLink
from dashboards.server.headers import SecurityHeaders
from dashboards.server.lifespan import lifespan
from dashboards.server.local_only import LocalOnly
from dashboards.server.routes import ROUTES
from dashboards.server.static import PrecompressedStatic
from serving.settings import ReaderSettings, SignIn


def make_app(sign_in: SignIn | None) -> st.App:
    """The app with sign-in, or for this machine only."""
    is_https = sign_in is not None and sign_in.address.startswith("https:")
    middleware = [Middleware(SecurityHeaders, is_https=is_https)]
    if sign_in is None:
        middleware.append(Middleware(LocalOnly))
    else:
        middleware.append(Middleware(DeepLink, is_https=is_https))
    middleware.append(Middleware(PrecompressedStatic))
    return st.App(
        Path(__file__).with_name("app.py"),
        secrets=_secrets(sign_in),
        lifespan=lifespan,
        routes=ROUTES,
        middleware=middleware,
    )


def _secrets(sign_in: SignIn | None) -> dict[str, Any] | None:
    """Our settings in the form that Streamlit's sign-in reads."""
    if sign_in is None:
        return None
    return {
        "auth": {
            "redirect_uri": f"{sign_in.address.rstrip('/')}/oauth2callback",
            "cookie_secret": sign_in.cookie_secret.get_secret_value(),
            "client_id": sign_in.client_id,
            "client_secret": sign_in.client_secret.get_secret_value(),
            "server_metadata_url": sign_in.metadata_url,
        }
    }


app = make_app(ReaderSettings().sign_in)
