"""What becomes of each finding: it goes and has a stand-in, or it stays and has a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from anonymizer.text.fields import FIELDS
from anonymizer.text.findings import Finding
from anonymizer.text.generalised import Generaliser
from anonymizer.text.name_cues import words
from anonymizer.text.policy import Keeper, reason
from anonymizer.text.request import Part, Removal, Request, Stay
from anonymizer.text.stand_ins import Register
from anonymizer.text.view import View


class Decider:
    """Decides about the findings of one request, once all of them are known."""

    def __init__(
        self,
        request: Request,
        keeper: Keeper,
        register: Register,
        literals: Mapping[str, str],
        reasons: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """*literals* are stand-ins in given text, *reasons* those of an operator's labels."""
        self._reasons = reasons
        self._keeper, self._register, self._literals = keeper, register, literals
        self._generaliser = Generaliser(request)

    def decide(
        self, part: Part, view: View, findings: Sequence[Finding]
    ) -> tuple[list[Removal], list[Stay]]:
        """Return what goes and what stays of a part, in the order of *findings*."""
        removals, stays = list[Removal](), list[Stay]()
        field = self._keeper.part_field(part.name)
        for finding in findings:
            start, end = view.back(finding.start, finding.end)
            value = view.text[finding.start : finding.end]
            label = finding.label
            if label == "STAND_IN" and self._literals.get(value, value) == value:
                continue
            why = self._keeper.stays(finding, value)
            if field and label in FIELDS[field].labels:
                why = why or f"kept as {field}"
            if why:
                stay = Stay(part=part.name, start=start, end=end, label=label, reason=why)
                stays.append(stay)
                continue
            removal = Removal(
                part=part.name,
                start=start,
                end=end,
                label=label,
                reason=self._reasons.get(label) or reason(finding),
                stand_in=self._stand_in(view.text, finding, value),
            )
            removals.append(removal)
        return removals, stays

    def _stand_in(self, text: str, finding: Finding, value: str) -> str:
        if finding.label == "STAND_IN":
            return self._literals.get(value, value)
        if finding.label in {"PERSON", "CHILD"}:
            tokens = tuple(match.group() for match in words(value)) or (value,)
            weak = self._keeper.names.weak if finding.label == "PERSON" else _never
            return self._register.name(tokens, kind=finding.label, weak=weak)
        coarse = self._generaliser.stand_in(text, finding)
        return coarse or self._register.value(finding.label, value)


def _never(_token: str) -> bool:
    return False
