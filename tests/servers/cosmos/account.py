"""An account: databases, containers, and what their resources look like."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from tests.servers.cosmos.container import Container, check_id
from tests.servers.cosmos.indexing import DEFAULT
from tests.servers.cosmos.wire import Answer, Asked, Json, Refusal, Untaught

MOST_LEVELS = 3
"""Source: "Hierarchical partition keys": three levels at most."""


class Account:
    """Databases by name, each with its containers by name."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.databases: dict[str, dict[str, Container]] = {}
        self._now = now

    def create_database(self, name: str) -> None:
        check_id(name)
        if name in self.databases:
            raise Refusal(409, "Resource with specified id or name already exists.")
        self.databases[name] = {}

    def create_container(self, database: str, settings: Json) -> Container:
        """Make a container as its definition says.

        Raises:
            Refusal: 400, 404 or 409.
        """
        containers, name = self.database(database), settings.get("id")
        check_id(name)
        key = settings.get("partitionKey") or {}
        paths = tuple(key.get("paths", ()))
        several = key.get("kind") == "MultiHash"
        if not 1 <= len(paths) <= (MOST_LEVELS if several else 1) or key.get("version", 2) != 2:
            raise Refusal(400, "The partition key definition is invalid.")
        if settings.get("uniqueKeyPolicy", {}).get("uniqueKeys"):
            raise Untaught("unique keys")
        if name in containers:
            raise Refusal(409, "Resource with specified id or name already exists.")
        wanted = {"indexingPolicy": DEFAULT} | {k: v for k, v in settings.items() if k != "id"}
        rid = secrets.token_hex(6)
        containers[name] = Container(name, rid, paths, self._now, wanted)
        return containers[name]

    def database(self, name: str) -> dict[str, Container]:
        if name not in self.databases:
            raise Refusal(404, "Resource Not Found.", substatus=1003)
        return self.databases[name]

    def container(self, database: str, name: str) -> Container:
        """Raises Refusal: 404."""
        containers = self.database(database)
        if name not in containers:
            raise Refusal(404, "Resource Not Found.", substatus=1003)
        return containers[name]

    # Answers

    def told(self, url: str) -> Json:
        """The account, with its one location."""
        here = [{"name": "Loopback", "databaseAccountEndpoint": url}]
        return {
            "_self": "",
            "id": "stand-in",
            "_rid": "stand-in",
            "media": "//media/",
            "addresses": "//addresses/",
            "_dbs": "//dbs/",
            "writableLocations": here,
            "readableLocations": here,
            "enableMultipleWriteLocations": False,
            "userReplicationPolicy": {"maxReplicasetSize": 4, "minReplicaSetSize": 3},
            "userConsistencyPolicy": {"defaultConsistencyLevel": "Session"},
            "systemReplicationPolicy": {"maxReplicasetSize": 4, "minReplicaSetSize": 3},
            "readPolicy": {"primaryReadCoefficient": 1, "secondaryReadCoefficient": 1},
            "queryEngineConfiguration": "{}",
        }

    def on_databases(self, asked: Asked) -> Answer:
        """POST /dbs, GET and DELETE /dbs/NAME."""
        if len(asked.parts) == 1:
            if asked.method != "POST":
                raise Untaught("a list of databases")
            name = _named(asked.json())
            self.create_database(name)
            return Answer(201, _database(name), 4.95)
        name = asked.parts[1]
        self.database(name)
        if asked.method == "DELETE":
            del self.databases[name]
            return Answer(204, None, 4.95)
        return Answer(200, _database(name), 2.0)

    def on_containers(self, asked: Asked) -> Answer:
        """POST /dbs/NAME/colls, GET and DELETE /dbs/NAME/colls/NAME."""
        database = asked.parts[1]
        if len(asked.parts) == 3:
            if asked.method != "POST":
                raise Untaught("a list of containers")
            return Answer(201, self.create_container(database, asked.json()).properties(), 4.95)
        container = self.container(database, asked.parts[3])
        if asked.method == "DELETE":
            del self.databases[database][container.name]
            return Answer(204, None, 4.95)
        if asked.method != "GET":
            raise Untaught("a change of a container")
        return Answer(200, container.properties(), 1.0)


def on_ranges(container: Container, asked: Asked) -> Answer:
    """GET …/pkranges, read as a feed: 304 where there is nothing new."""
    mark = f'"{len(container.gone)}"'
    if asked.header("if-none-match") == mark:
        return Answer(304, None, 0.0, {"etag": mark})
    ranges = [
        {
            "id": one.id,
            "_rid": f"{container.rid}{one.id}",
            "minInclusive": one.low,
            "maxExclusive": one.high,
            "parents": list(one.parents),
            "status": "online",
        }
        for one in container.ranges
    ]
    body = {"_rid": container.rid, "PartitionKeyRanges": ranges, "_count": len(ranges)}
    return Answer(200, body, 0.0, {"etag": mark})


def definition(
    name: str,
    paths: Sequence[str],
    *,
    default_ttl: int | None = None,
    indexing: Json | None = None,
) -> Json:
    """Return the definition of a container, as the REST interface takes it."""
    several = len(paths) > 1
    key = {"paths": list(paths), "kind": "MultiHash" if several else "Hash", "version": 2}
    made: Json = {"id": name, "partitionKey": key}
    if default_ttl is not None:
        made["defaultTtl"] = default_ttl
    if indexing is not None:
        made["indexingPolicy"] = indexing
    return made


def _named(body: Any) -> str:
    if not isinstance(body, dict) or not isinstance(body.get("id"), str):
        raise Refusal(400, "The request payload is invalid.")
    return str(body["id"])


def _database(name: str) -> Json:
    return {
        "id": name,
        "_rid": name,
        "_self": f"dbs/{name}/",
        "_etag": f'"{name}"',
        "_colls": "colls/",
        "_users": "users/",
        "_ts": 0,
    }
