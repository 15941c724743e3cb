"""The real path of mail, movements and overdue invoices, with nowhere for it to lead.

It works on a store that its caller throws away; nothing is given to it that could send. What
goes into the register of work is recorded there, since later items are matched with it; every
other output ends where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from flows.engine import Engine
from flows.intake.arrivals import Counts
from flows.intake.mail import MailIntake
from flows.intake.transactions import TransactionIntake
from flows.intake.trust import IN_FOLDERS
from flows.language.spec import FlowsFile
from flows.outbox import Outbox
from flows.ports import Clock, Mailbox, TransactionSource
from flows.records import Records
from flows.starting.starting import Starting
from flows.steps.registry import STEPS
from flows.work.chasing import Chasing
from flows.work.register import Register

if TYPE_CHECKING:
    from anonymizer.text.cleaner import Cleaner
    from flows.model import Output

PAGE: Final = 50

Tell = Callable[[str, Counts], None]
"""Told the source and what a page of it did."""


class _Nowhere:
    """Takes the outputs of every step that the register does not take, and leaves them."""

    def __init__(self, register: Register) -> None:
        self.uses = frozenset(STEPS) - register.uses

    async def deliver(self, output: Output) -> str:
        del output
        return "nowhere: this is a rehearsal"


class Rehearsal:
    """One sweep over mail and movements, into *records* and *register* in memory."""

    def __init__(
        self,
        file: FlowsFile,
        templates: Mapping[str, str],
        *,
        records: Records,
        register: Register,
        cleaner: Cleaner,
        clock: Clock,
        mailboxes: Mapping[str, Mailbox],
        banks: Mapping[str, TransactionSource],
    ) -> None:
        self.engine = Engine(file, templates)
        self.records, self.register = records, register
        self.steps = {flow.id: tuple(step.id for step in flow.steps) for flow in file.flows}
        self._clock = clock
        nowhere = _Nowhere(register)
        into = {name: [nowhere] for name in (*file.sources, *file.outlets)}
        self._outbox = Outbox(records, [register, nowhere], clock, into=into)
        self._starting = Starting(records, self.engine, clock, sender="")
        self._file, self._cleaner = file, cleaner
        self._mail = {name: self._intake(name, each) for name, each in mailboxes.items()}
        self._banks = {
            name: TransactionIntake(
                name,
                bank=bank,
                records=records,
                engine=self.engine,
                cleaner=cleaner,
                clock=clock,
            )
            for name, bank in banks.items()
        }

    def _intake(self, name: str, mailbox: Mailbox) -> MailIntake:
        source = self._file.sources[name]
        return MailIntake(
            name,
            mailbox=mailbox,
            records=self.records,
            engine=self.engine,
            cleaner=self._cleaner,
            clock=self._clock,
            received_by=getattr(source, "received_by", ""),
            trust=frozenset(getattr(source, "trust", IN_FOLDERS)),
        )

    async def run(self, tell: Tell = lambda source, counts: None) -> None:
        """Take everything in, and run the flows that it triggers.

        Raises:
            TransientError, AdministratorError: A mailbox or a bank file cannot be read.
        """
        await self._starting.begin()
        await self._take_in_mail(tell)
        await self._outbox.deliver()
        await self._take_in_movements(tell)
        for bank in self._banks.values():
            await bank.match(self.register, self._outbox)
        chasing = Chasing(
            records=self.records,
            register=self.register,
            engine=self.engine,
            clock=self._clock,
        )
        await chasing.run()
        await self._outbox.deliver()
        while await self._starting.run():  # by what went out
            await self._outbox.deliver()

    async def _take_in_mail(self, tell: Tell) -> None:
        for name, intake in self._mail.items():
            cursor, more = "", True
            while more:
                page = await intake.mailbox.page(cursor, PAGE)
                tell(name, await intake.page(page.refs))
                cursor, more = page.cursor, page.more

    async def _take_in_movements(self, tell: Tell) -> None:
        for name, bank in self._banks.items():
            cursor, more = "", True
            while more:
                movements = await bank.bank.page(cursor, PAGE)
                tell(name, await bank.page(movements.items))
                cursor, more = movements.cursor, movements.more
