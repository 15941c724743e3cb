"""Outputs on their way out: each goes out once, or a person is told why it does not.

    waiting ──approve──> approved ──> sending ──> sent
       └──reject──┐         ^   └──cancel──┐ ├──> failed    somebody must act, then retry
                  v         │              v └──> unknown   a person decides
              rejected   a delay        rejected

Every step is a conditional write, so two people cannot both decide, and two workers cannot
both send: whoever writes `sending` first has the output on a lease. What goes to an outlet that
takes the same twice as once needs no lease, and is `sending` while it is in a round.

What fails for now comes back as approved and is tried again later and later; what has failed
for too long, and what nobody can cure by waiting, stops as failed and says what to do.
"""

from flows.outbox.box import Outbox
from flows.outbox.outputs import PERSON, Posted
from flows.outbox.record import made_slots, output_record, output_writes, put_out

__all__ = [
    "PERSON",
    "Outbox",
    "Posted",
    "made_slots",
    "output_record",
    "output_writes",
    "put_out",
]
