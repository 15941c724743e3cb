"""Invoices in mail end as records, with the words of no private person and no whole account."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage

import pytest

from connectors.folder import FolderMailbox
from flows.engine import Engine
from flows.intake.invoices import agree
from flows.intake.mail import MailIntake
from flows.intake.trust import IN_FOLDERS, REASONS
from flows.model import Output
from flows.ports import Where
from flows.records import json_of
from portal.wiring import App
from tests.flows.business import FLOWS, Business
from tests.flows.intake.invoices.layouts import ruled
from tests.flows.intake.invoices.papers import Paper, iban, paper
from tests.flows.intake.invoices.statements import html, hybrid, ubl
from tests.flows.steps.test_invoice_documents import document, found

BILL = paper(2, "de-DE", two_rates=True)
OTHER = iban("DE", "370400440532013000")
BILLS = (
    FLOWS[: FLOWS.index("flows:")]
    + """\
flows:
  - id: bills
    name: Record what is owed
    triggers: [{mail: office}]
    keep: [KEEP]
    steps:
      - id: record
        uses: invoice.record
        with: {direction: payable}
"""
)
PDF = ("application", "pdf", "invoice.pdf")
XML = ("application", "xml", "invoice.xml")


def sent(
    content: bytes,
    kind: tuple[str, str, str] = PDF,
    *,
    sender: str = "Rohrwerk Altmann <rechnung@rohrwerk.example>",
    name: str = "1",
    text: str = "Please find our invoice attached.",
) -> bytes:
    """Return a mail with one attachment."""
    message = EmailMessage()
    message["From"], message["To"] = sender, "office@hudson.example"
    message["Subject"], message["Message-ID"] = "Our invoice", f"<{name}@rohrwerk.example>"
    message["Date"] = "Mon, 05 Oct 2026 09:30:00 -0400"
    message.set_content(text)
    main, sub, file = kind
    message.add_attachment(content, maintype=main, subtype=sub, filename=file)
    return message.as_bytes()


def drawn(paper: Paper) -> bytes:
    return bytes(ruled(paper).output())


async def recorded(business: Business, *, keep: str = "supplier.phone") -> Output:
    """Sweep, and return the one output, with all that was stored beside it."""
    business.writes(BILLS.replace("KEEP", keep))
    await business.sweeps()
    (posted,) = await business.outputs()
    return posted.output


FORMS = [
    (drawn(BILL), PDF, "pdf"),
    (hybrid(BILL, ruled), PDF, "cii"),
    (ubl(BILL), XML, "ubl"),
    (html(BILL).encode(), ("text", "html", "invoice.html"), "html"),
]


@pytest.mark.parametrize(("content", "kind", "form"), FORMS, ids=[form for *_, form in FORMS])
async def test_an_invoice_is_recorded_from_each_form(business, content, kind, form):
    business.gets(sent(content, kind))
    output = await recorded(business)
    body = dict(output.body)
    assert body["read_from"] == form
    assert [body[name] for name in ("number", "amount", "net", "tax", "currency")] == [
        BILL.number,
        str(BILL.payable),
        str(BILL.net),
        str(BILL.tax),
        "EUR",
    ]
    assert [body["issued"], body["due"]] == [BILL.issued.isoformat(), BILL.due.isoformat()]
    assert body["party"] == BILL.seller[0]
    assert body["reasons"] == []
    assert body["confidence"] >= 0.9
    assert body["places"]["number"]
    assert output.state == "sent"


@pytest.mark.parametrize("form", [0, 1, 2])
async def test_no_whole_account_is_stored_unless_a_flow_keeps_it(business, form):
    content, kind, _ = FORMS[form]
    business.gets(sent(content, kind))
    output = await recorded(business)
    (message,) = await business.messages()
    stored = f"{json_of(message)} {json_of(output)}".replace(" ", "")
    assert BILL.iban not in stored
    assert output.body["iban"] == f"DE\u2022\u2022\u2022\u2022{BILL.iban[-4:]}"


async def test_a_flow_that_pays_keeps_the_account(business):
    """In the body of the output; its summary is masked all the same."""
    business.gets(sent(drawn(BILL)))
    output = await recorded(business, keep="supplier.account")
    assert output.body["iban"] == BILL.iban
    assert BILL.iban not in output.summary
    assert BILL.iban[-4:] in output.summary


@pytest.mark.parametrize("form", [0, 1, 2])
async def test_a_private_customer_is_not_told_by_the_reading(business, form):
    private = replace(BILL, buyer=("Gudrun Hellweg", "Am Anger 9", "04999 Leipzig"))
    content = (drawn(private), hybrid(private, ruled), ubl(private))[form]
    business.gets(sent(content, FORMS[form][1]))
    await recorded(business)
    (message,) = await business.messages()
    assert "Hellweg" not in str(json_of(message))
    assert message.attachments[0].invoice.gross.value == private.gross


async def test_a_customer_that_a_flow_keeps_is_told(business):
    private = replace(BILL, buyer=("Gudrun Hellweg", "Am Anger 9", "04999 Leipzig"))
    business.gets(sent(ubl(private), XML))
    await recorded(business, keep="customer.name")
    (message,) = await business.messages()
    assert message.attachments[0].invoice.customer.value == "Gudrun Hellweg"


async def test_what_does_not_add_up_waits_for_the_owner(business):
    told = f">{BILL.gross}<".encode()
    business.gets(sent(ubl(BILL).replace(told, b">9999.00<"), XML))
    output = await recorded(business)
    assert output.state == "waiting"
    assert output.body["status"] == "unsure"


async def test_a_page_that_shows_another_account_than_its_xml_waits(business):
    business.gets(sent(hybrid(BILL, ruled, replace(BILL, iban=OTHER))))
    output = await recorded(business)
    assert output.state == "waiting"
    assert agree.ACCOUNTS in output.body["reasons"]


async def test_a_mail_that_names_another_total_waits(business):
    business.gets(sent(drawn(BILL), text="Amount due: 12.00 EUR"))
    output = await recorded(business)
    assert output.state == "waiting"


@pytest.mark.parametrize("trust", [IN_FOLDERS, frozenset()], ids=["as set", "all trusted"])
async def test_another_account_of_a_known_supplier_waits(business, trust):
    """Whoever sends it, and whatever doubts are in force: its tax id says whose it is."""
    business.writes(BILLS.replace("KEEP", "supplier.phone"))
    second = replace(BILL, number="RE-2026-2")
    third = replace(BILL, number="RE-2026-3", iban=OTHER)
    business.gets(sent(ubl(BILL), XML, name="1"), "mail/1")
    business.gets(sent(ubl(second), XML, name="2"), "mail/2")
    sender = "Buchhaltung <b@elsewhere.example>"
    business.gets(sent(ubl(third), XML, name="3", sender=sender), "mail/3")

    async def run(app: App) -> None:
        intake = MailIntake(
            "office",
            mailbox=FolderMailbox(business.folder / "mail"),
            records=app.records,
            engine=Engine(app.file, app.templates),
            cleaner=business.cleaner,
            clock=business.clock,
            trust=trust,
        )
        for ref in (await intake.mailbox.page("", 100)).refs:
            await intake.page([ref])

    await business.asks(run)
    outputs = {str(p.output.body["number"]): p.output for p in await business.outputs()}
    assert [outputs[each.number].state for each in (BILL, second, third)] == [
        "approved",
        "approved",
        "waiting",
    ]
    assert REASONS["bank_details_changed"] in outputs[third.number].body["reasons"]


async def test_an_account_that_the_owner_has_accepted_is_asked_about_no_more(business):
    """Refused, it is asked about again; accepted, the supplier has two."""

    def bill(number: int, account: str) -> None:
        new = replace(BILL, number=f"RE-77{number}", iban=account)
        business.gets(sent(drawn(new), name=str(number)), f"mail/{number}.eml")

    async def waiting() -> list[str]:
        await business.sweeps()
        return [
            each.output.id
            for each in await business.outputs()
            if each.output.state == "waiting"
        ]

    business.writes(BILLS.replace("KEEP", "supplier.phone"))
    bill(1, BILL.iban)
    assert await waiting() == []
    bill(2, OTHER)
    (asked,) = await waiting()
    await business.asks(lambda app: app.outbox.reject(asked))
    bill(3, OTHER)
    (asked,) = await waiting()
    await business.asks(lambda app: app.outbox.approve(asked))
    bill(4, BILL.iban)
    bill(5, OTHER)
    assert await waiting() == []
    bill(6, iban("DE", "370400440532013999"))
    assert len(await waiting()) == 1


async def test_what_is_readable_accepts_no_account(business):
    """Who can write to the store, and not open it, does not let another account through."""
    business.writes(BILLS.replace("KEEP", "supplier.phone"))
    for number, account in ((1, BILL.iban), (2, OTHER), (3, OTHER)):
        new = replace(BILL, number=f"RE-77{number}", iban=account)
        business.gets(sent(drawn(new), name=str(number)), f"mail/{number}.eml")
        await business.sweeps()

        async def altered(app):
            async for record in app.records.each(
                "output", where=[Where("state", "=", "waiting")]
            ):
                fields = {**record.fields, "state": "sent"}
                await app.records.store.put(app.records.key, replace(record, fields=fields))

        if number == 2:
            await business.asks(altered)
    states = {p.output.body["number"]: p.output.state for p in await business.outputs()}
    assert (states["RE-771"], states["RE-773"]) == ("sent", "waiting")


@pytest.mark.parametrize(
    "forged",
    [
        replace(BILL, seller_tax="DE999999999"),
        replace(BILL, seller_tax=""),
        replace(
            BILL, seller=("Rohrwerk Altmann G.m.b.H. & Co", *BILL.seller[1:]), seller_tax=""
        ),
        replace(BILL, seller=("Elsewhere GmbH", *BILL.seller[1:])),
    ],
    ids=["other tax id", "no tax id", "other form", "other name"],
)
async def test_whoever_bills_in_a_suppliers_name_cannot_change_its_account(business, forged):
    business.writes(BILLS.replace("KEEP", "supplier.phone"))
    business.gets(sent(ubl(BILL), XML, name="1"), "mail/1")
    await business.sweeps()
    forged = replace(forged, number="RE-2026-3", iban=OTHER)
    sender = "Buchhaltung <b@elsewhere.example>"
    business.gets(sent(ubl(forged), XML, name="3", sender=sender), "mail/3")
    await business.sweeps()
    states = {p.output.body["number"]: p.output.state for p in await business.outputs()}
    assert states == {BILL.number: "sent", "RE-2026-3": "waiting"}


def test_an_account_in_the_xml_that_the_page_does_not_show_is_doubted():
    hidden, shown = (
        found("DE\u2022\u2022\u2022\u20223000"),
        found("DE\u2022\u2022\u2022\u20225756"),
    )
    stated = document(form="cii", accounts=(hidden, shown))
    assert agree.ACCOUNTS in agree.agreed(stated, document(accounts=(shown,))).doubts
    assert (
        agree.agreed(document(accounts=(shown,)), document(accounts=(shown, hidden))).doubts
        == ()
    )
