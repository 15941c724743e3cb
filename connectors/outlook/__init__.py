"""A mailbox of Microsoft 365, read and written through Microsoft Graph v1.0."""

from connectors.outlook.attaching import File
from connectors.outlook.calendar import OutlookCalendar
from connectors.outlook.client import Graph
from connectors.outlook.mailbox import OutlookMailbox
from connectors.outlook.outlet import OutlookOutlet
from connectors.outlook.sending import OutlookSender, OutMail
from connectors.outlook.subscriptions import Subscriptions
from connectors.outlook.tasks import OutlookTasks
from connectors.outlook.teams import TeamsMessages

__all__ = [
    "File",
    "Graph",
    "OutMail",
    "OutlookCalendar",
    "OutlookMailbox",
    "OutlookOutlet",
    "OutlookSender",
    "OutlookTasks",
    "Subscriptions",
    "TeamsMessages",
]
