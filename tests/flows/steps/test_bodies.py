"""What the language says that outputs hold is what they hold."""

from __future__ import annotations

import pytest

from flows.steps.bodies import BODIES
from tests.flows.business import FLOWS, Business, mail

HEAD = FLOWS.partition("flows:\n")[0]
OPTIONS = {
    "job.open": "{title: x}",
    "reply.draft": "{text: x}",
    "mail.draft": "{to: a@hudson.example, subject: x, text: x}",
    "event.add": '{title: x, start: "2026-11-14 09:30"}',
    "row.append": "{table: x, columns: {a: b}}",
    "notify": "{text: x}",
}


@pytest.mark.parametrize("uses", sorted(OPTIONS))
async def test_bodies_are_as_the_validator_knows_them(business: Business, uses: str) -> None:
    step = f"{{id: s, uses: {uses}, with: {OPTIONS[uses]}}}"
    flow = f"  - {{id: a, name: A, triggers: [{{mail: office}}], steps: [{step}]}}\n"
    business.writes(f"{HEAD}flows:\n{flow}")
    business.gets(mail())
    await business.sweeps()
    [posted] = await business.outputs()
    assert posted.output.body.keys() - {"reasons"} == BODIES[uses].keys()
    kinds = {"text": str, "flag": bool}
    for name, kind in BODIES[uses].items():
        assert isinstance(posted.output.body[name], kinds.get(kind, object))
