"""Calls of other programs over HTTPS, and of no host that is not meant to be called."""

from connectors.webhook.call import Caller
from connectors.webhook.outlet import OnceWebhook, Webhook
from connectors.webhook.reach import Reach
from connectors.webhook.workflow import TeamsWorkflow

__all__ = ["Caller", "OnceWebhook", "Reach", "TeamsWorkflow", "Webhook"]
