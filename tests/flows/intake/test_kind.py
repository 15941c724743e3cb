"""What a mail is about is told in four languages, and spam is told with care."""

import pytest

from flows.intake.kind import classify

ROWS = [
    ("service_request", "no heat!!", "boiler shows E4, please send somebody"),
    (
        "service_request",
        "Kitchen",
        "The faucet drips and the cabinet below is wet. Can you fix it?",
    ),
    ("service_request", "URGENT burst pipe, water is off, please call", ""),
    ("service_request", "Fuga", "Hay una fuga en el baño, ¿pueden mandar a alguien mañana?"),
    ("service_request", "Fuite", "Le chauffe-eau fuit, pouvez-vous envoyer quelqu'un ?"),
    (
        "service_request",
        "Heizung",
        "Die Heizung ist ausgefallen, bitte einen Monteur schicken.",
    ),
    ("quote_request", "price for tankless?", "How much for a tankless heater, installed?"),
    ("quote_request", "Estimate", "Could you give us an estimate for a new bathroom?"),
    ("quote_request", "Presupuesto", "¿Cuánto costaría cambiar el calentador?"),
    ("quote_request", "Devis", "Nous souhaitons un devis pour un plancher chauffant."),
    ("quote_request", "Angebot", "Bitte um einen Kostenvoranschlag für ein neues Bad."),
    ("schedule_change", "Need to reschedule the 19th", "Could we do Wednesday instead?"),
    ("schedule_change", "cancel tomorrow", "Please cancel tomorrow's appointment."),
    (
        "schedule_change",
        "Re: leak",
        "Tuesday does not work, can we move the visit to Thursday?",
    ),
    ("schedule_change", "Updated invitation: Boiler room @ Fri", "Now: Friday, 10:00"),
    ("schedule_change", "Cita", "¿Podemos cambiar la cita al jueves?"),
    ("schedule_change", "RDV", "Pouvons-nous reporter le rendez-vous à jeudi ?"),
    ("schedule_change", "Termin", "Können wir den Termin am Dienstag verschieben?"),
    ("supplier_invoice", "Invoice CP-1", "Please find attached our invoice. Terms net 15."),
    ("supplier_invoice", "Factura 77", "Adjuntamos la factura 77, importe total 90 euros."),
    ("supplier_invoice", "Facture 77", "Veuillez trouver ci-joint notre facture 77."),
    ("supplier_invoice", "Rechnung 77", "Anbei unsere Rechnung, zahlbar bis 1. Mai."),
    ("payment_notice", "Deposit received: $412.00", "A deposit was posted to your account."),
    ("payment_notice", "HP-2049", "I just paid invoice HP-2049 by card."),
    ("payment_notice", "Pago de la factura HP-2049", "Hola, ya pagué la factura HP-2049."),
    ("payment_notice", "Virement", "Nous avons effectué le virement pour votre facture 7."),
    ("payment_notice", "Zahlung", "Die Rechnung 7 haben wir heute überwiesen."),
    ("complaint", "Re: Invoice HP-1", "I was overcharged, and I am not happy about it."),
    ("complaint", "Again!", "It is still leaking after your visit. This is unacceptable."),
    ("complaint", "Queja", "Esto es inaceptable, quiero un reembolso."),
    ("complaint", "Réclamation", "Je suis très mécontent de votre travail."),
    ("complaint", "Beschwerde", "Wir sind sehr unzufrieden mit der Arbeit."),
    ("newsletter", "This month in pipes", "Our newsletter. Unsubscribe here."),
    ("spam", "V.1.A.G.R.A - cheap", "Buy now, no prescription, click here"),
    (
        "spam",
        "Your mailbox is 98% full",
        "Your account will be suspended. Verify your password.",
    ),
    ("spam", "Page 1", "We guarantee first page ranking on google, 5000 backlinks, SEO audit."),
    ("spam", "Dear friend", "I am a barrister. Claim the inheritance as next of kin."),
    ("other", "tacos", "truck by the depot till 1"),
    ("other", "", ""),
    ("other", "Re: leak under the sink", "All dry. Thank you both!"),
]


@pytest.mark.parametrize(("kind", "subject", "text"), ROWS)
def test_kinds(kind, subject, text):
    assert classify(subject=subject, text=text) == kind


OTHER_TRADES = [
    ("service_request", "Garage door stuck", "The opener hums but the door does not move."),
    ("service_request", "Lights", "The lights flicker and one outlet is dead. Who can come?"),
    ("service_request", "wasps", "There is a wasp nest above our door, can you remove it?"),
    ("service_request", "Laptop", "It shows a blue screen. Could you have a look today?"),
    ("service_request", "lawn", "please mow the lawn at 8 Lake Dr, the grass is knee high"),
    ("quote_request", "Wedding", "Looking for catering, could you send us your prices?"),
    ("quote_request", "tree", "How much do you charge to take down a big oak?"),
    ("schedule_change", "Thursday", "Something came up. Is Friday possible instead?"),
    ("complaint", "billing", "You billed me twice for the same visit. Please correct."),
    ("complaint", "No show", "I took a day off and nobody came. This is the second time."),
    ("other", "Permit", "The town approved permit 22-118. Pick it up at the clerk."),
    ("other", "Resume", "Please find my resume attached for the apprentice position."),
]


@pytest.mark.parametrize(("kind", "subject", "text"), OTHER_TRADES)
def test_kinds_in_other_trades_than_plumbing(kind, subject, text):
    assert classify(subject=subject, text=text) == kind


REQUESTS = [
    (
        "Water heater",
        "Limited hot water. Congratulations on your award! Click here for a photo.",
    ),
    ("URGENT!!! act now", "The boiler is leaking, please come, 100% urgent!!!"),
    ("My account", "I want to verify my account balance, and the toilet is leaking."),
    (
        "Casino",
        "We are the casino on Mill Street. Our drain is clogged, please send a plumber.",
    ),
    ("Inheritance", "I inherited a house. The pipes burst, could you repair them?"),
    ("Lottery winner!", "Ha. No, but we fell for a new kitchen: how much for the plumbing?"),
]


@pytest.mark.parametrize(("subject", "text"), REQUESTS)
def test_a_request_is_never_spam(subject, text):
    assert classify(subject=subject, text=text) != "spam"


def test_the_subject_of_an_answer_is_not_what_the_answer_is_about():
    assert classify(subject="Re: Quote for a boiler", text="We paid the invoice today.") == (
        "payment_notice"
    )


def test_what_the_business_sends_is_no_request_to_itself():
    text = "Can you send somebody to fix the leak?"
    assert classify(subject="leak", text=text, outgoing=True) == "other"
    assert classify(subject="Fwd: leak", text=text, outgoing=True) == "service_request"
    invoice = "Invoice HP-1 is attached. Amount due: $90."
    assert classify(subject="Invoice HP-1", text=invoice, outgoing=True) == "customer_invoice"
    assert classify(subject="Re: Invoice HP-1", text="I take it off.", outgoing=True) == "other"


def test_an_attached_invoice_speaks_for_itself():
    paper = "INVOICE\nInvoice number: CP-1\nAmount due: $12.00\nDue date: May 1"
    assert classify(subject="scan", text="see attached", attached=paper) == "supplier_invoice"


def test_bulk_mail_about_nothing_is_a_newsletter_and_bulk_mail_with_a_bill_is_a_bill():
    assert classify(subject="Hello", text="Pumpkin walk", automatic="bulk") == "newsletter"
    bill = "Your invoice is attached. Amount due: $12.00. Please pay by May 1."
    assert classify(subject="Invoice 7 from Supply", text=bill, automatic="bulk") == (
        "supplier_invoice"
    )


def test_a_long_text_is_judged_by_its_start_and_its_end():
    long = "It was a lovely autumn in the hills. " * 400
    assert classify(
        subject="Hello", text=long + "The boiler is leaking, please repair it."
    ) == ("service_request")
    assert classify(subject="Hello", text=long + "The boiler is leaking." + long) == "other"


def test_letters_that_look_like_others_are_read_as_those():
    text = "Onlin\u0435 ph\u0430rmacy, no pr\u0435scription"
    assert (
        classify(subject="Ch\u0435ap m\u0435ds: onlin\u0435 ph\u0430rmacy", text=text) == "spam"
    )
