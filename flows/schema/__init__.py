"""How records change from release to release, and back.

Every record says by its field `v` under which schema it was written; `v` missing means 1. A
business stands at one schema. Opening it under another is refused: an older one is brought up
by `jigajob migrate`, since what is looked for by new fields would not be found in old records.
"""

from flows.schema.migrating import Migrator
from flows.schema.standing import Standing, Standings
from flows.schema.version import SCHEMA

__all__ = ["SCHEMA", "Migrator", "Standing", "Standings"]
