"""What carries finished work out of JigAjob."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from flows.model import Output


class Outlet(Protocol):
    """Carries finished work out of JigAjob, for the steps that it names."""

    @property
    def uses(self) -> frozenset[str]:
        """Return the steps (`reply.draft`, `row.append`) whose outputs it takes."""

    async def deliver(self, output: Output) -> str:
        """Carry the output out once, and return where it is now to be found.

        Its id is the key by which that is once: it is given to whatever takes such a key
        (a Message-ID, a property, a document's external number, the key of a row).
        Delivering the same output again changes nothing and returns the same.

        Raises:
            Throttled, TransientError: Not delivered; later may work, and is tried.
            AdministratorError: Not delivered until somebody acts; it is tried now and then.
            OperatorError: Not delivered, and not tried again unless a person asks for it.
            DeliveryUnknown: It may or may not have gone out; a person decides.
        """


@runtime_checkable
class Resuming(Protocol):
    """An outlet for which the promise of `Outlet.deliver` cannot be kept: it sends mail.

    Delivering the same output again may send it again, so only a person, by approving it
    once more, has it delivered again after a delivery that did not come to an end.
    """

    async def resume(self, output: Output) -> str:
        """Return where an output is whose delivery broke off, by a crash for instance.

        Never sends what may be out already. No other worker is at this output meanwhile.

        Raises:
            TransientError, SignInNeeded: It cannot be looked up now; it is asked again later.
            DeliveryUnknown: Nothing tells whether it went out; a person decides.
            OperatorError, another AdministratorError: As for unknown; the person reads why.
        """


@runtime_checkable
class Gathering(Outlet, Protocol):
    """An outlet that carries out many outputs for little more than what one costs."""

    async def deliver_all(self, outputs: Sequence[Output]) -> Sequence[str]:
        """Carry the outputs out in their order, and return where each is; as `deliver`.

        Raises:
            JigajobError: As `deliver`. Any of them may be out; each may be delivered again.
        """


@runtime_checkable
class Disclosing(Outlet, Protocol):
    """An outlet that tells somebody: what it takes does not stay in JigAjob's own files."""

    def receiver(self, output: Output) -> str:
        """Return who then knows, for the record of what was disclosed to whom.

        In a few words that name a kind of receiver, a host or an outlet of flows.yaml; never
        a person. It does not fail.
        """
