"""The accounts that sources need: sign-ins, mailboxes, and what sends for them."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, cast

from connectors.folder import FolderMailbox
from flows.errors import AdministratorError, OperatorError
from flows.language.sources import (
    MAILBOXES,
    BusinessCentralSource,
    FolderSource,
    ImapSource,
    OutlookSource,
    SignIn,
)
from flows.language.spec import FlowsFile, Source
from flows.ports import Clock, Mailbox, Outlet, Tokens, TransactionSource
from flows.records import Records
from flows.retention import timespan
from portal.settings import Settings
from portal.wiring.scopes import SignedIn, at_graph, planned, scopes_of
from portal.wiring.secrets import Secrets

if TYPE_CHECKING:
    from connectors.business_central import Company
    from connectors.identity import Identity
    from connectors.imap import ImapDrafts, ImapMailbox
    from connectors.outlook import Graph
    from portal.notifications import Subscription


class Accounts:
    """The accounts of one business, by source: who signs in for it, and what it opens.

    Closed by `close`. What talks to a mail server is loaded for the sources that need it.
    """

    def __init__(
        self,
        settings: Settings,
        file: FlowsFile,
        records: Records,
        clock: Clock,
    ) -> None:
        self._settings, self._file = settings, file
        self._base = settings.flows.resolve().parent
        self._records, self._clock = records, clock
        self._secrets = Secrets(settings)
        self._open: list[ImapDrafts] = []
        self._graphs: dict[tuple[str, str], Graph] = {}
        self._companies: dict[str, Company] = {}

    def identity(self, name: str) -> Identity:
        """Return what signs in for a source.

        Raises:
            OperatorError: The source is none that anybody signs in for.
        """
        from connectors.identity import AppRegistration, Identity  # noqa: PLC0415

        sign_in = self._sign_in(name)
        app = AppRegistration(
            client_id=sign_in.client_id or self._settings.client_id,
            tenant=sign_in.tenant,
            authority=sign_in.authority or self._settings.authority,
            secret=self._reader(sign_in.secret),
            certificate=self._reader(sign_in.certificate),
        )
        return Identity(self._records, app, clock=self._clock, ca=self._settings.ca)

    def scopes(self, name: str) -> tuple[str, ...]:
        """Return what a sign-in for the source asks for."""
        source = self._file.sources[name]
        assert isinstance(source, SignedIn)  # noqa: S101 - `_sign_in` refuses others
        sign_in = self._sign_in(name)
        usual = scopes_of(source, sign_in, self._settings)
        if sign_in.scopes:
            return usual
        return usual + at_graph(self._settings, planned(self._file, name))

    async def mailboxes(self, records: Records) -> dict[str, Mailbox]:
        """Return the mailboxes by source; whoever asked closes them.

        *records* remember from which day on each is read.
        """
        return {
            name: self.mailbox(name, since=await first_day(records, name, source))
            for name, source in self._file.sources.items()
            if isinstance(source, MAILBOXES)
        }

    def mailbox(self, name: str, *, since: date | None) -> Mailbox:
        """Return the mailbox of a source; whoever asked closes it."""
        source = self._file.sources[name]
        if isinstance(source, FolderSource):
            return FolderMailbox(self._base / source.path)
        if isinstance(source, ImapSource):
            from connectors.imap import ImapMailbox  # noqa: PLC0415

            return ImapMailbox(
                source.host,
                source.port,
                source.address,
                tokens=self.tokens(name) if source.sign_in else None,
                password=self._reader(source.password),
                folders=source.folders,
                since=since,
                security=source.security,
                context=self.trusted,
            )
        from connectors.outlook import OutlookMailbox  # noqa: PLC0415

        assert isinstance(source, OutlookSource)  # noqa: S101 - the last kind, for the checker
        graph = self.graph(name)
        return OutlookMailbox(graph, source.address, folders=source.folders, since=since)

    def graph(self, name: str, right: str = "") -> Graph:
        """Return Graph for a source: one, so that reading and sending keep one pace.

        *right* is what an outlet needs besides, such as `Tasks.ReadWrite`: its tokens are
        asked for apart, so that where nobody has consented to it mail is read all the same.
        """
        from connectors.outlook import Graph  # noqa: PLC0415

        own = self._sign_in(name)
        right = "" if own.app_only or own.scopes else right
        if (name, right) not in self._graphs:
            url = f"{self._settings.graph}/v1.0"
            tokens = self.tokens(name, right)
            self._graphs[name, right] = Graph(tokens, url=url, tls=self.trusted)
        return self._graphs[name, right]

    def company(self, name: str) -> Company:
        """Return the company of a source of books: one, so that all its uses keep one pace.

        It is closed with the accounts.
        """
        from connectors.business_central import Api, Company  # noqa: PLC0415
        from connectors.identity.app import MULTI_TENANT  # noqa: PLC0415

        source = self._file.sources[name]
        assert isinstance(source, BusinessCentralSource)  # noqa: S101 - asked for no other
        tenant = source.sign_in.tenant
        if name not in self._companies:
            api = Api(
                self.tokens(name),
                account=source.address,
                environment=source.environment,
                tenant="" if tenant.lower() in MULTI_TENANT else tenant,  # the token says it
                url=self._settings.business_central,
                tls=self.trusted,
            )
            self._companies[name] = Company(api, source.company)
        return self._companies[name]

    def subscriptions(
        self,
        mailboxes: Mapping[str, Mailbox],
        banks: Mapping[str, TransactionSource],
        address: Callable[[str], str],
    ) -> dict[str, Subscription]:
        """Return what asks Microsoft's services to tell of changes, by source.

        *address* gives the public address for a source. Whoever only signed in for somebody
        else's mailbox may not ask for this.
        """
        found: dict[str, Subscription] = {}
        for name, source in self._file.sources.items():
            if isinstance(source, BusinessCentralSource):
                found[name] = self._of_books(name, banks[name], address(name))
                continue
            if not isinstance(source, OutlookSource):
                continue
            if source.shared and not source.sign_in.app_only:
                continue
            from connectors.outlook import OutlookMailbox, Subscriptions  # noqa: PLC0415

            mailbox = mailboxes[name]
            assert isinstance(mailbox, OutlookMailbox)  # noqa: S101 - made from this source
            found[name] = Subscriptions(
                self.graph(name),
                source.address,
                notification_url=address(name),
                on_change=mailbox.poke,
            )
        return found

    @property
    def sender(self) -> str:
        """Return the only source that can send mail; empty where none can, or several."""
        senders = [
            name
            for name, source in self._file.sources.items()
            if isinstance(source, OutlookSource)
            or (isinstance(source, ImapSource) and source.smtp is not None)
        ]
        return senders[0] if len(senders) == 1 else ""

    def _of_books(self, name: str, books: TransactionSource, url: str) -> Subscription:
        from connectors.business_central import (  # noqa: PLC0415
            BusinessCentralLedger,
            Subscription,
        )

        assert isinstance(books, BusinessCentralLedger)  # noqa: S101 - made from this source
        return Subscription(self.company(name), notification_url=url, on_change=books.poke)

    def outlets(self, mailboxes: Mapping[str, Mailbox]) -> dict[str, list[Outlet]]:
        """Return what carries out the mail of each source, beside what takes any source's.

        The drafts and the sending of an IMAP source go over connections of their own, which
        close after each use or with the mailbox.
        """
        found: dict[str, list[Outlet]] = {}
        for name, source in self._file.sources.items():
            if isinstance(source, ImapSource):
                from connectors.imap import ImapMailbox  # noqa: PLC0415

                mailbox = mailboxes[name]
                assert isinstance(mailbox, ImapMailbox)  # noqa: S101 - made from this source
                found[name] = self._imap_outlets(name, source, mailbox)
            elif isinstance(source, OutlookSource):
                from connectors.outlook import (  # noqa: PLC0415
                    OutlookMailbox,
                    OutlookOutlet,
                    OutlookSender,
                )

                office = mailboxes[name]
                assert isinstance(office, OutlookMailbox)  # noqa: S101 - made from this source
                sender = OutlookSender(self.graph(name), source.address)
                found[name] = [OutlookOutlet(sender, office)]
        if self.sender:
            # What a movement on an account brings about has no mailbox of its own.
            banks = self._file.sources.keys() - mailboxes.keys()
            found |= dict.fromkeys(banks, found[self.sender])
        return found

    def _imap_outlets(
        self, name: str, source: ImapSource, mailbox: ImapMailbox
    ) -> list[Outlet]:
        from connectors.imap import ImapDrafts  # noqa: PLC0415
        from connectors.smtp import MailboxOutlet, SmtpOutlet  # noqa: PLC0415

        drafts = ImapDrafts(mailbox.account)
        self._open.append(drafts)
        business = self._file.business.name
        outlets: list[Outlet] = [
            MailboxOutlet(address=source.address, name=business, drafts=drafts, marker=drafts)
        ]
        if source.smtp is not None:
            sent = ImapDrafts(mailbox.account, holds="sent")
            self._open.append(sent)
            outlets.append(
                SmtpOutlet(
                    source.smtp.host,
                    source.smtp.port,
                    address=source.address,
                    name=business,
                    security=source.smtp.security,
                    tokens=self.tokens(name) if source.sign_in else None,
                    password=self._reader(source.password),
                    context=self.trusted,
                    sent=sent,
                )
            )
        return outlets

    async def close(self) -> None:
        """Let go of the connections that outlets hold."""
        for folder in self._open:
            await folder.close()
        for graph in self._graphs.values():
            await graph.close()
        for company in self._companies.values():
            await company.api.close()
        self._secrets.close()

    def tokens(self, name: str, right: str = "") -> Tokens:
        """Return what gives the tokens of a source; with *right*, those for that alone."""
        source, sign_in = self._file.sources[name], self._sign_in(name)
        assert isinstance(source, SignedIn)  # noqa: S101 - others have none
        scopes = scopes_of(source, sign_in, self._settings)
        if right:
            scopes = at_graph(self._settings, (right,))
        return self.identity(name).tokens(
            source.address or "", scopes, app_only=sign_in.app_only
        )

    @cached_property
    def trusted(self) -> ssl.SSLContext:
        """Return the certificates to trust: the usual, and those of the settings."""
        context = ssl.create_default_context()
        if self._settings.ca:
            try:
                context.load_verify_locations(self._settings.ca)
            except (OSError, ssl.SSLError):
                raise AdministratorError(
                    f"JIGAJOB_CA names {self._settings.ca}, which holds no certificates",
                    fix="let it name a PEM file, or unset it",
                ) from None
        return context

    def _sign_in(self, name: str) -> SignIn:
        sign_in = getattr(self._file.sources.get(name), "sign_in", None)
        if sign_in is None:
            connectable = [
                each
                for each, source in self._file.sources.items()
                if getattr(source, "sign_in", None) is not None
            ]
            known = ", ".join(connectable) or "none in this flows file"
            raise OperatorError(
                f"{name!r} is no source that somebody signs in for",
                fix=f"sources with a sign-in: {known}; for a bank, name one of its files too",
            )
        return cast("SignIn", sign_in)

    def secret(self, reference: str) -> Callable[[], str]:
        """Return a function that reads a secret of flows.yaml anew at each call."""
        return self._secrets.reader(reference)

    def _reader(self, reference: str | None) -> Callable[[], str] | None:
        return self.secret(reference) if reference else None


async def first_day(records: Records, name: str, source: Source) -> date | None:
    """Return the day from which a source is read: fixed for good when it is first opened."""
    given = getattr(source, "since", None)
    if given is None:
        return None
    if "-" in given:
        return date.fromisoformat(given)
    record = await records.get("since", name)
    if record is None or record.fields["given"] != given:
        day = (datetime.now(UTC) - timespan(given)).date()
        record = records.plain("since", name, {"given": given, "day": day.isoformat()})
        await records.store.put(records.key, record)
    return date.fromisoformat(str(record.fields["day"]))
