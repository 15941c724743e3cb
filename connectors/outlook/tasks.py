"""Outlet of `task.add`: tasks in Microsoft To Do.

Graph takes no key by which a second task of the same kind would be refused. A task therefore
bears the id of its output as a linked resource, and where an answer was lost, or a delivery
broke off, the list is looked through for it.

Sources: https://learn.microsoft.com/graph/api/todotasklist-post-tasks ;
https://learn.microsoft.com/graph/api/resources/linkedresource
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Final

from connectors.outlook.client import Graph, Json, home, part
from connectors.outlook.trouble import AnswerLost
from flows.errors import DeliveryUnknown, JigajobError, OperatorError
from flows.model import Output
from flows.steps.clean_text import one_line

TASKS: Final = "Tasks.ReadWrite"
_APPLICATION: Final = "JigAjob"
_USUAL: Final = "defaultList"
_LOOKS: Final = 5


class OutlookTasks:
    """Adds tasks to the lists of *address*. Tells its *name*."""

    def __init__(self, name: str, graph: Graph, address: str) -> None:
        self._name, self._graph, self._address = name, graph, address

    @property
    def uses(self) -> frozenset[str]:
        """Return the step whose outputs it takes."""
        return frozenset({"task.add"})

    def receiver(self, output: Output) -> str:
        """Return who is told: those who see the list."""
        del output
        return f"{self._name}: a list of tasks in Microsoft 365"

    async def deliver(self, output: Output) -> str:
        """Add the task, and return in which list it is.

        Raises:
            OperatorError: There is no such list.
            DeliveryUnknown: The answer was lost, and the task is not to be seen.
            AdministratorError, TransientError: Not added.
        """
        path = await self._tasks(output)
        try:
            await self._graph.call(
                "POST",
                self._address,
                path,
                json=_task(output),
                repeatable=False,
                did="add a task",
                permission=TASKS,
            )
        except AnswerLost:
            if not await self._seen(path, output.id):
                raise DeliveryUnknown(
                    f"a task for {self._address} may have been added, and is not to be seen",
                    fix="look into the list; approve the output only if it is not there",
                ) from None
        return self._place(output)

    async def resume(self, output: Output) -> str:
        """Return where the task is; add it where a delivery broke off before that.

        Raises:
            OperatorError, DeliveryUnknown, AdministratorError, TransientError: As `deliver`.
        """
        # What an earlier worker has added is long to be seen: its lease is over.
        if await self._has(await self._tasks(output), output.id):
            return self._place(output)
        return await self.deliver(output)

    async def _seen(self, path: str, output_id: str) -> bool:
        for number in range(_LOOKS):
            await asyncio.sleep(self._graph.first_pause * number)
            with suppress(JigajobError):
                if await self._has(path, output_id):
                    return True
        return False

    async def _has(self, path: str, output_id: str) -> bool:
        query = {"$expand": "linkedResources", "$top": "100"}
        async for task in self._listed(path, query):
            linked = task.get("linkedResources") or ()
            if any(each.get("externalId") == output_id for each in linked):
                return True
        return False

    async def _tasks(self, output: Output) -> str:
        """Return the path of the tasks of the list that is wanted."""
        named = _list_of(output)
        root = f"{home(self._address)}/todo/lists"
        query = {"$select": "id,displayName,wellknownListName", "$top": "100"}
        async for each in self._listed(root, query):
            usual = not named and each.get("wellknownListName") == _USUAL
            if usual or (
                named and str(each.get("displayName", "")).casefold() == named.casefold()
            ):
                return f"{root}/{part(str(each['id']))}/tasks"
        raise OperatorError(
            f"the account {self._address} has no list of the name that the step gives",
            fix="make it in Microsoft To Do, or correct `list`; then `jigajob outbox retry`",
        )

    def _listed(self, path: str, query: Mapping[str, str]) -> AsyncIterator[Json]:
        return self._graph.listed(
            self._address, path, query, did="read lists of tasks", permission=TASKS
        )

    def _place(self, output: Output) -> str:
        return f"list {_list_of(output) or 'Tasks'} of {self._address}"


def _list_of(output: Output) -> str:
    return one_line(str(output.body.get("list") or ""), 100)


def _task(output: Output) -> Json:
    body = output.body
    title = one_line(str(body.get("title", "")), 200) or "Task without a title"
    task: Json = {
        "title": title,
        "body": {"contentType": "text", "content": str(body.get("notes", ""))[:20_000]},
        "linkedResources": [
            {
                "applicationName": _APPLICATION,
                "displayName": _APPLICATION,
                "externalId": output.id,
            }
        ],
    }
    try:
        day = date.fromisoformat(str(body.get("due", "")))
    except ValueError:
        return task
    zone = str(body.get("time_zone") or "UTC")
    return {**task, "dueDateTime": {"dateTime": f"{day}T00:00:00", "timeZone": zone}}
