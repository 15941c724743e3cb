"""The store in a cloud: Azure Cosmos DB for NoSQL, through Microsoft's own library."""

from connectors.cosmos.account import CosmosAccount
from connectors.cosmos.store import CosmosStore

__all__ = ["CosmosAccount", "CosmosStore"]
