"""One tree of errors, classed by who must act.

    JigajobError
    ├── OperatorError        the person who wrote the file or the command mends it   exit 1
    │   ├── FlowsFileError   every problem of one flows.yaml, each with its place
    │   └── NothingKept      the business has no records where they were looked for
    ├── AdministratorError   the person who runs the machine mends it                exit 3
    │   ├── SignInNeeded     an account is not, or no longer, connected
    │   └── Unopened         what is sealed was altered or moved, or its key is gone
    ├── TransientError       nobody: trying again later is the cure                  exit 3
    │   ├── Throttled        the other side asked for a pause
    │   └── StaleRecord      somebody else wrote first: read again, decide again
    ├── DeliveryUnknown      an outlet cannot tell whether it sent; a person decides  exit 3
    ├── SkipItem             this one item goes to quarantine, the rest goes on
    └── StoreError           a promise of Store or Blobs was not kept by its caller  exit 3
        ├── RecordExists     create found the id taken
        ├── RecordMissing    a conditional write found nothing
        ├── RecordTooLarge   over the 2 MB that every store accepts
        └── BlobMissing      no blob of this name

An error says what happened, where, and what to do. It never holds mail text: Prefect writes
exceptions to its database, and people paste them into chats.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in a file something stands; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file: where, what, and what to do about it.

    `code` is its stable name (`flows.language.codes`). A warning lets the file run. Where it
    is `hidden`, the line may hold what is not to be repeated.
    """

    where: Place
    what: str
    fix: str
    code: str = "invalid"
    severity: Severity = "error"
    hidden: bool = False

    def __str__(self) -> str:
        lead = "warning: " if self.severity == "warning" else ""
        return f"{self.where}: {lead}{self.what}\n  fix: {self.fix}"


class JigajobError(Exception):
    """Base class: what happened, where, and what to do about it."""

    exit_code: ClassVar[int] = 3

    def __init__(self, what: str, *, fix: str = "", where: Place | None = None) -> None:
        super().__init__(what)
        self.what, self.fix, self.where = what, fix, where

    def __str__(self) -> str:
        at = f"{self.where}: " if self.where else ""
        return f"{at}{self.what}" + (f"\n  fix: {self.fix}" if self.fix else "")

    # Prefect ships exceptions between processes, so they must survive pickle.
    def __reduce__(self) -> tuple[Any, ...]:
        return partial(type(self), fix=self.fix, where=self.where), (self.what,)


class OperatorError(JigajobError):
    """The file, the data or the command given is wrong; the person who gave it can mend it."""

    exit_code = 1


class FlowsFileError(OperatorError):
    """Every problem of one flows file, in the order in which they stand in it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{len(problems)} problem{'s' * (len(problems) != 1)} found")
        self.problems = tuple(sorted(problems, key=lambda problem: problem.where))

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.problems,)


class NothingKept(OperatorError):
    """Nothing is kept of the business yet, or it is kept elsewhere."""


class AdministratorError(JigajobError):
    """The machine, its keys, its disk or its settings need somebody who runs it."""


class SignInNeeded(AdministratorError):
    """An account lets us in no more: *why* is a short stable word, *fix* says who does what.

    `why` is one of not_connected, consent_withdrawn, expired, secret_expired, mfa,
    wrong_tenant, wrong_account, not_permitted, password.
    """

    def __init__(self, why: str, what: str, *, fix: str = "") -> None:
        super().__init__(what, fix=fix)
        self.why = why

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(type(self), self.why, fix=self.fix), (self.what,)


class Unopened(AdministratorError):
    """Something sealed was altered or moved, or was sealed with a key that is gone."""


class TransientError(JigajobError):
    """Nobody needs to act: the same call is expected to work later."""


class Throttled(TransientError):
    """The other side asked for a pause of *retry_after* seconds."""

    def __init__(self, what: str, *, retry_after: float, fix: str = "") -> None:
        super().__init__(what, fix=fix)
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(type(self), retry_after=self.retry_after, fix=self.fix), (self.what,)


class StaleRecord(TransientError):
    """The record was changed by somebody else since it was read."""


class DeliveryUnknown(JigajobError):
    """An outlet lost the answer: the output may be out. It is never sent again unasked."""


class SkipItem(JigajobError):
    """One item cannot be used; *reason* is a short stable word for the ledger.

    The item goes to quarantine with this reason and a pointer to where it lies. The rest
    of the page goes on.
    """

    def __init__(self, reason: str, what: str, *, fix: str = "") -> None:
        super().__init__(what, fix=fix)
        self.reason = reason

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(type(self), self.reason, fix=self.fix), (self.what,)


class StoreError(JigajobError):
    """A call that no store can carry out as asked."""


class RecordExists(StoreError):
    """`create` found the id taken in that partition."""


class RecordMissing(StoreError):
    """A conditional write or delete found no record to act on."""


class RecordTooLarge(StoreError):
    """The record is over the size that every store accepts."""


class BlobMissing(StoreError):
    """There is no blob of this name in this business."""
