"""Tokens for tests that are not about signing in: got by real MSAL from the OpenID provider."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import msal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.servers.openid import OpenIdProvider

IMAP = "https://outlook.office.com/IMAP.AccessAsUser.All"
SEND = "https://outlook.office.com/SMTP.Send"
BACK = "http://localhost:8400/back"


def new_user(openid: OpenIdProvider) -> str:
    """The address of a user that no other test has."""
    user = f"user-{uuid4().hex[:8]}@hudson.example"
    openid.add_user(user)
    return user


def token_for(openid: OpenIdProvider, user: str, scopes: Sequence[str] = (IMAP, SEND)) -> str:
    """An access token of `user`, by authorization code with PKCE and a client of its own."""
    app = msal.PublicClientApplication(
        openid.register_client(redirect_uris=[BACK]),
        authority=openid.authority(),
        instance_discovery=False,
        verify=str(openid.certificates.ca),
    )
    flow = app.initiate_auth_code_flow(
        list(scopes), redirect_uri=BACK, response_mode="form_post"
    )
    answer = dict(parse_qsl(urlsplit(openid.complete_login(flow["auth_uri"], user)).query))
    return str(app.acquire_token_by_auth_code_flow(flow, answer)["access_token"])
