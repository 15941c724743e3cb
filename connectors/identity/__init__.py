"""Who may read what: sign-in at Microsoft Entra, and the access tokens that follow."""

from connectors.identity.app import AppRegistration
from connectors.identity.identity import Identity
from connectors.identity.pending import PendingSignIn

__all__ = ["AppRegistration", "Identity", "PendingSignIn"]
