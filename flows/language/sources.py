"""Where mail and bank movements come from, as flows.yaml says it."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self, get_args

from pydantic import Field, Strict, StringConstraints, model_validator

from flows.language.node import Address, Node, SecretRef, Since, Text


class FolderSource(Node):
    """Mail in a directory: RFC 5322 files of any name at any depth, Maildirs, mbox files."""

    uses: Literal["folder"] = Field(description="Mail in a directory.")
    path: str = Field(
        min_length=1, description="Relative to flows.yaml, or absolute.", examples=["mail"]
    )


class MoneyColumns(Node):
    """Which column of a table holds what; names as in its header row."""

    date: str = Field(description="When it was booked.", examples=["Date"])
    amount: str | None = Field(default=None, description="Signed; negative is money out.")
    direction: str | None = Field(
        default=None,
        description="Which way an amount without sign went, in a word: Debit, Credit, Af, Bij.",
    )
    paid_in: str | None = Field(default=None, description="Money in, where it has a column.")
    paid_out: str | None = Field(default=None, description="Money out, where it has a column.")
    counterparty: str | None = Field(default=None, description="Who paid or was paid.")
    reference: str | None = Field(default=None, description="What the payer wrote.")
    currency: str | None = Field(default=None, description="ISO 4217 code of the amount.")


class ColumnMap(MoneyColumns):
    """The same of a CSV bank file."""

    id: str | None = Field(default=None, description="The bank's own id of the movement.")


DateOrder = Literal["year-first", "month-first", "day-first"]
DecimalSign = Literal[".", ","]


class BankSource(Node):
    """Bank statements in a file or a folder of files: OFX, QFX, CAMT.053, MT940, CSV."""

    uses: Literal["bank"] = Field(description="Bank statements in files.")
    path: str = Field(
        min_length=1, description="Relative to flows.yaml, or absolute.", examples=["bank"]
    )
    account: str = Field(default="", max_length=40, description="A name for a CSV's account.")
    columns: ColumnMap | None = Field(default=None, description="For CSV files.")
    # A tab is a delimiter too, so here blanks are not stripped.
    delimiter: Annotated[str, StringConstraints(strip_whitespace=False)] = Field(
        default=",", min_length=1, max_length=1, description="Between the columns of a CSV."
    )
    dates: DateOrder = Field(default="year-first", description="How a CSV writes its dates.")
    decimal: DecimalSign = Field(default=".", description="Before a CSV's cents.")


AccountNumber = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]{0,19}$",
        description="Number of an account in the chart of accounts, in quotes.",
        examples=["10100"],
    ),
]

Doubt = Literal["dmarc_failed", "look_alike", "first_seen", "bank_details_changed"]
"""Why a sender may not be who it seems to be, or may not mean well."""


class SignIn(Node):
    """The app registration by which somebody, or an administrator, lets JigAjob in."""

    client_id: str = Field(
        default="",
        max_length=100,
        description="Application (client) ID of it; else JIGAJOB_CLIENT_ID is read.",
        examples=["11111111-2222-3333-4444-555555555555"],
    )
    tenant: str = Field(
        default="organizations",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$",
        description="Directory (tenant) ID or domain; `organizations` takes every firm.",
        examples=["hudson.example"],
    )
    authority: str = Field(
        default="",
        pattern=r"^(?:https://[^\s/]+)?$",
        description="Where to sign in; JIGAJOB_AUTHORITY, else Microsoft's, without it.",
        examples=["https://login.microsoftonline.us"],
    )
    secret: SecretRef | None = Field(
        default=None,
        description="With a secret the app reads by itself, as its administrator allows.",
        examples=["env:JIGAJOB_CLIENT_SECRET"],
    )
    certificate: SecretRef | None = Field(
        default=None,
        description="As `secret`, and better: a PEM file with the key and its certificate.",
        examples=["file:/etc/jigajob/app.pem"],
    )
    scopes: tuple[Text, ...] = Field(
        default=(),
        description="What to ask for, where the server is not Microsoft's.",
        examples=[["https://mail.example/IMAP.AccessAsUser.All"]],
    )

    @property
    def app_only(self) -> bool:
        """Tell whether the app reads by its own right, without anybody's sign-in."""
        return self.secret is not None or self.certificate is not None


class Trusting(Node):
    """What is the same for every mailbox that others can write to."""

    received_by: str = Field(
        default="",
        max_length=255,
        description="Name of the host that receives this mail, as it stands first in"
        " `Authentication-Results`; only what that host says of a sender is believed."
        " `microsoft` for Microsoft 365, whose results bear no name.",
        examples=["mx.hudson.example"],
    )
    trust: tuple[Doubt, ...] = Field(
        default=get_args(Doubt),
        description="Doubts about a sender that put every output before a person first.",
    )


class OutlookSource(Trusting):
    """A mailbox of Microsoft 365, read and written through Microsoft Graph."""

    uses: Literal["outlook"] = Field(description="A mailbox of Microsoft 365.")
    address: Address = Field(description="The mailbox.", examples=["office@hudson.example"])
    shared: Annotated[bool, Strict()] = Field(
        default=False, description="true for a shared mailbox: somebody else signs in for it."
    )
    folders: tuple[Text, ...] = Field(
        default=("Inbox",),
        min_length=1,
        description="Folders by name or path (`Inbox/Jobs`); `*` is all of them.",
    )
    since: Since | None = Field(
        default=None, description="How far back the first sync reads; without it, all mail."
    )
    sign_in: SignIn = Field(default=SignIn(), description="The app registration.")
    received_by: str = Field(
        default="microsoft", max_length=255, description="As for an IMAP source."
    )


class SmtpServer(Node):
    """The server that takes the mail that a flow sends."""

    host: str = Field(
        min_length=1,
        max_length=253,
        description="The server's name.",
        examples=["smtp.hudson.example"],
    )
    port: int = Field(default=587, ge=1, le=65_535, description="Its port.")
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="`none` only for a server on this machine."
    )


class ImapSource(Trusting):
    """A mailbox on an IMAP server, and the server that sends for it."""

    uses: Literal["imap"] = Field(description="A mailbox on an IMAP server.")
    address: Address = Field(description="The mailbox.", examples=["office@hudson.example"])
    host: str = Field(
        min_length=1,
        max_length=253,
        description="The server's name.",
        examples=["imap.hudson.example"],
    )
    port: int = Field(default=993, ge=1, le=65_535, description="Its port.")
    security: Literal["tls", "starttls", "none"] = Field(
        default="tls", description="`none` only for a server on this machine."
    )
    password: SecretRef | None = Field(
        default=None, description="Where the password is read from, unless `sign_in` is given."
    )
    sign_in: SignIn | None = Field(
        default=None, description="Signs in as at Microsoft, with tokens instead of a password."
    )
    folders: tuple[Text, ...] = Field(
        default=("INBOX",), min_length=1, description="Folders by their whole names."
    )
    since: Since | None = Field(
        default=None, description="How far back the first sync reads; without it, all mail."
    )
    smtp: SmtpServer | None = Field(
        default=None, description="Sends what `reply.send` and `mail.send` put out."
    )

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        if (self.password is None) == (self.sign_in is None):
            raise ValueError("give either 'password' or 'sign_in'")
        return self


class StripeSource(Node):
    """What customers paid through Stripe, and what Stripe paid out."""

    uses: Literal["stripe"] = Field(description="Payments by Stripe.")
    key: SecretRef = Field(
        description="A restricted key that may read Balance, Charges, Disputes, Payouts,"
        " Refunds and Events.",
        examples=["env:STRIPE_KEY"],
    )
    since: Since | None = Field(
        default=None, description="How far back the first sync reads; without it, all payments."
    )


class BusinessCentralSource(Node):
    """The books of a company in Dynamics 365 Business Central."""

    uses: Literal["business_central"] = Field(
        description="A company's books in Dynamics 365 Business Central."
    )
    company: str = Field(
        min_length=1, max_length=250, description="Its name there.", examples=["Hudson"]
    )
    environment: str = Field(
        default="production",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,29}$",
        description="Name of the environment that the company is in.",
    )
    address: Address = Field(
        description="Who signs in; with `secret` or `certificate`, whom to tell of troubles.",
        examples=["books@hudson.example"],
    )
    accounts: tuple[AccountNumber, ...] = Field(
        default=(),
        max_length=40,
        description="Numbers of the G/L accounts that hold money; without any, those of"
        " category Assets and subcategory Cash.",
        examples=[["10100", "10200"]],
    )
    since: Since | None = Field(
        default=None, description="How far back the first sync reads; without it, all entries."
    )
    sign_in: SignIn = Field(default=SignIn(), description="The app registration.")


class WorkbookSource(Node):
    """A table in an Excel workbook: movements out of it, and rows of `row.append` into it."""

    uses: Literal["workbook"] = Field(description="A table in an Excel workbook.")
    path: str | None = Field(
        default=None,
        min_length=1,
        description="An .xlsx file, or to read only, a folder of them; relative to flows.yaml,"
        " or absolute.",
        examples=["books/2026.xlsx"],
    )
    address: Address | None = Field(
        default=None,
        description="Instead of `path`: who signs in at Microsoft 365; the OneDrive is theirs.",
        examples=["office@hudson.example"],
    )
    site: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9.-]+(?:/[^/?#:\\]+)*$",
        max_length=400,
        description="The SharePoint site that holds it, if it is in no OneDrive.",
        examples=["hudson.sharepoint.example/sites/office"],
    )
    file: str | None = Field(
        default=None,
        min_length=1,
        max_length=400,
        description="Where it lies in that OneDrive or in the site's documents.",
        examples=["Books/2026.xlsx"],
    )
    table: Text = Field(
        description="The table's name in Excel (Table Design); with `path` also a sheet's.",
        examples=["Payments"],
    )
    key: Text = Field(
        description="The column that says which row is which, however they are sorted; rows"
        " that JigAjob adds carry an id of its own there.",
        examples=["Number"],
    )
    columns: MoneyColumns | None = Field(
        default=None, description="What stands where; without it, rows are only added."
    )
    dates: DateOrder = Field(
        default="year-first", description="How dates are written that Excel holds as text."
    )
    decimal: DecimalSign = Field(
        default=".", description="Before the cents of amounts that Excel holds as text."
    )
    sign_in: SignIn | None = Field(
        default=None, description="The app registration, with `address`."
    )

    @model_validator(mode="before")
    @classmethod
    def _signed_in(cls, given: object) -> object:
        if isinstance(given, dict) and "address" in given:
            return {"sign_in": {}, **given}
        return given

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        online = (self.address, self.site, self.file, self.sign_in)
        if (self.path is None) == (self.address is None or self.file is None):
            raise ValueError("give either 'path', or 'address' and 'file'")
        if self.path is not None and any(each is not None for each in online):
            raise ValueError("'address', 'site', 'file' and 'sign_in' do not go with 'path'")
        if self.sign_in is not None and self.sign_in.app_only:
            raise ValueError(
                "Microsoft opens workbooks for people: leave out 'secret' and 'certificate'"
            )
        return self


class WebhookSource(Node):
    """Signed calls from a web form or another program; `jigajob watch` takes them."""

    uses: Literal["webhook"] = Field(description="Signed calls from outside.")
    secret: SecretRef = Field(
        description="What the caller signs with, at least 24 characters.",
        examples=["env:SITE_FORM_SECRET"],
    )


MAILBOXES: Final = (FolderSource, ImapSource, OutlookSource)
"""The sources that give mail."""

KINDS: Final = (
    *("folder", "imap", "outlook"),
    *("bank", "stripe", "business_central", "workbook"),
    "webhook",
)
"""What a source can use."""
