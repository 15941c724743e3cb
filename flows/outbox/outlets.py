"""Which outlet takes an output: the one that it names, else its source's, else that of all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, cast

from flows.errors import OperatorError
from flows.model import Output
from flows.ports import Disclosing, Gathering, Outlet, Resuming

_CONNECT: Final = "connect a mailbox that can send (`smtp` of an IMAP source)"
_BOOKS: Final = "let `books` of the step name a source that `uses: business_central`"
_MISSING: Final = {
    "quote.send": _BOOKS,
    "invoice.open": _BOOKS,
    "reply.send": f"{_CONNECT}, or use reply.draft",
    "mail.send": f"{_CONNECT}, or use mail.draft",
    "mail.mark": "trigger the flow by a mailbox on a server, or leave the step out",
}


class Outlets:
    """The outlets of one business."""

    def __init__(
        self,
        outlets: Iterable[Outlet],
        of_source: Mapping[str, Iterable[Outlet]],
        into: Mapping[str, Iterable[Outlet]],
    ) -> None:
        self._into = {
            (name, uses): outlet
            for name, several in into.items()
            for outlet in several
            for uses in outlet.uses
        }
        self._every = {
            (source, uses): outlet
            for source, several in {"": outlets, **of_source}.items()
            for outlet in several
            for uses in outlet.uses
        }

    def of(self, output: Output) -> Outlet:
        """Return what takes the output.

        Raises:
            OperatorError: Nothing does.
        """
        found = self._find(output)
        if found is None:
            what, fix = _nothing_takes(output)
            raise OperatorError(what, fix=fix)
        return found

    def receiver(self, output: Output) -> str:
        """Return who is told by the output, in a few words; empty where it stays with us."""
        outlet = self._find(output)
        return outlet.receiver(output) if isinstance(outlet, Disclosing) else ""

    def gathering(self, uses: str) -> Gathering | None:
        """Return what takes all outputs of a step together, if that can be."""
        outlet = self._every.get(("", uses))
        if any(source and step == uses for source, step in self._every):
            return None
        # What sends is given one at a time: where it stops is known then.
        gathers = isinstance(outlet, Gathering) and not isinstance(outlet, Resuming)
        return cast("Gathering", outlet) if gathers else None

    def _find(self, output: Output) -> Outlet | None:
        if output.into:
            return self._into.get((output.into, output.uses))
        general = self._every.get(("", output.uses))
        return self._every.get((output.source, output.uses), general)


def _nothing_takes(output: Output) -> tuple[str, str]:
    if output.into:
        what = f"no source or outlet {output.into!r} takes outputs of {output.uses!r} now"
        return what, f"bring {output.into} back under `sources` or `outlets`"
    where = f" from {output.source}" if output.source else ""
    what = f"nothing takes outputs of {output.uses!r}{where}"
    return what, _MISSING.get(output.uses, "connect an outlet")
