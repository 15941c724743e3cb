"""What the engine asks of the outside world, as Protocols.

Each port has one contract suite in `tests/contract/`; every implementation passes it.
Implementations live in `connectors/` and are put together in `portal/wiring`.
"""

from flows.ports.blobs import (
    BlobEntry,
    Blobs,
)
from flows.ports.clock import (
    Clock,
)
from flows.ports.mailbox import (
    DayCount,
    DayCounts,
    Hints,
    Mailbox,
    MailPage,
    MailRef,
    Tokens,
)
from flows.ports.outlet import (
    Disclosing,
    Gathering,
    Outlet,
    Resuming,
)
from flows.ports.store import (
    LISTED_BY,
    Key,
    Record,
    RecordPage,
    Scalar,
    Store,
    Vault,
    Where,
    Write,
)
from flows.ports.transactions import (
    TransactionItem,
    TransactionPage,
    TransactionSource,
)

__all__ = [
    "LISTED_BY",
    "BlobEntry",
    "Blobs",
    "Clock",
    "DayCount",
    "DayCounts",
    "Disclosing",
    "Gathering",
    "Hints",
    "Key",
    "MailPage",
    "MailRef",
    "Mailbox",
    "Outlet",
    "Record",
    "RecordPage",
    "Resuming",
    "Scalar",
    "Store",
    "Tokens",
    "TransactionItem",
    "TransactionPage",
    "TransactionSource",
    "Vault",
    "Where",
    "Write",
]
