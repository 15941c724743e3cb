"""The audit log: who did or saw what, when, on whose authority; nobody can change it unseen.

    async with audit.act(Act(action="output.approve", authority="command outbox approve",
                             subjects=[output.id])):
        ...  # recorded before it is done, and again where it fails

Entries hold ids, times and words of a closed list; who and to whom is sealed apart.
"""

from flows.audit.actions import ACTIONS
from flows.audit.log import AUDIT, Act, Log
from flows.audit.root import Anchors, Root
from flows.audit.trail import Audit, Person

__all__ = ["ACTIONS", "AUDIT", "Act", "Anchors", "Audit", "Log", "Person", "Root"]
