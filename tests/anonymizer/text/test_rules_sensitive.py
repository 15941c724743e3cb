"""What people tell a business by the way goes; the words of the trades beside it stay."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anonymizer.text.engine import RULES
from anonymizer.text.gates import Gates
from anonymizer.text.phones import phones
from anonymizer.text.rows import Rows
from anonymizer.text.view import view

ROWS = Rows(RULES)
UNGATED = Rows([replace(rule, needs=(), starts=(), digits=0) for rule in RULES])

GONE = {
    "HEALTH": [
        "My husband just had open-heart surgery so please ring softly.",
        "She uses a wheelchair, so the threshold must be flat.",
        "I have terrible asthma and the dust is killing me.",
        "My mom fell and broke her hip last week.",
        "We are expecting, my wife is due in June.",
        "I'm 7 months pregnant and cannot lift anything.",
        "he's in rehab until March",
        "Her Alzheimer's is getting worse.",
        "My son has ADHD and the noise upsets him.",
        "I take blood thinners, so watch the tools.",
        "Dad is on oxygen 24 hours a day.",
        "I was diagnosed with MS two years ago.",
        "my doctor says I can't be around fumes",
        "She had a stroke in May.",
        "He is legally blind.",
        "I suffer from depression and some days I can't answer.",
        "my anxiety makes phone calls hard",
        "Mi madre tiene cáncer y no puede salir.",
        "Mi esposa está embarazada de seis meses.",
        "Mon mari est hospitalisé depuis lundi.",
        "Ma mère est en fauteuil roulant.",
        "Meine Frau ist schwanger.",
        "Ich hatte letzte Woche einen Herzinfarkt.",
        "Mein Vater sitzt im Rollstuhl.",
        "I'm recovering from COVID, please wear a mask",
        "my wife's chemo is on Tuesdays",
        "his opioid addiction",
    ],
    "FAMILY": [
        "My husband and I are getting a divorce.",
        "My ex-husband may not enter the house.",
        "Mom passed away on Sunday.",
        "The funeral is Thursday so not that day.",
        "my brother is in prison",
        "I have a restraining order against him.",
        "Since my wife died I live alone.",
        "We're in a custody battle.",
        "Mi marido falleció en enero.",
        "Estamos en trámites de divorcio.",
        "Mon père est décédé hier.",
        "Nous divorçons, merci d'envoyer la facture à moi.",
        "Mein Mann ist verstorben.",
        "Wir lassen uns scheiden.",
        "he was arrested last night",
        "He beat me and I left him.",
        "I am a widow now",
    ],
    "MONEY_TROUBLE": [
        "I lost my job in June, can I pay in parts?",
        "We filed for bankruptcy last year.",
        "we are behind on the rent to our landlord",
        "I'm three months behind on rent",
        "The bank is foreclosing on our house.",
        "My husband was laid off.",
        "My salary is $52,000.",
        "I make $19 an hour.",
        "money is tight for us right now",
        "I'm living on social security",
        "Estoy en el paro desde enero.",
        "J'ai perdu mon emploi.",
        "Ich bin arbeitslos.",
        "Wir sind mit der Miete im Rückstand.",
        "we got an eviction notice",
        "my credit is terrible",
    ],
    "BELIEF": [
        "We are Muslim and it's Ramadan.",
        "I'm an observant Jew, so not on Saturday.",
        "He is gay.",
        "My tenant is Haitian.",
        "I voted for Trump, just so you know.",
        "She is undocumented.",
        "Somos católicos.",
        "Je suis musulmane.",
        "Ich bin katholisch.",
        "we keep kosher so use the blue sink",
    ],
    "CREDENTIAL": [
        "The gate code is 4419#.",
        "Lockbox 2931 on the railing",
        "garage code: 0922",
        "Wi-Fi: HomeNet / sunshine42",
        "wifi password is sunshine",
        "El código del portón es 5521.",
        "Le code de la porte est 45A12.",
        "Der Türcode ist 7781.",
        "my PIN is 8831",
        "disarm with 5521",
        "key code 8821 for the front door",
        "login: maria / pw: Rosebud1",
        "Contraseña: Verano2024",
        "hit 4471 then # on the callbox",
        "the combo is 12-34-6",
        "api key AIzaSyD4x8k3k2j1h5g6f7d8s9a0q1w2e3r4t5y",
    ],
    "DRIVER_LICENCE": [
        "My driver's license is D1234567.",
        "CA DL# A1234567",
        "Führerscheinnummer B072RRE2I55",
    ],
    "PASSPORT": [
        "passport no. 533380006",
        "Mi pasaporte es AAB123456",
    ],
    "NATIONAL_ID": [
        "DNI 12345678Z",
        "CURP GODE561231HDFRRN09",
        "Mon numéro de sécurité sociale : 2 55 08 14 168 025 38",
        "CPF 529.982.247-25",
        "Medicare 1EG4-TE5-MK73",
        "Blue Cross member ID XEH123456789",
        "A-number A123-456-789",
        "my Medicaid ID is AB12345C",
    ],
    "SSN": [
        "ITIN 912-78-1234",
        "last four of my social: 9847",
    ],
    "BANK_ACCOUNT": [
        "Routing 021000021 Account 9876543210",
        "BLZ 10070024 Konto 1234567",
        "sort code 20-00-00 account 55779911",
    ],
    "CARD": [
        "Amex 3782-822463-10005 exp 4/27 cvv 1234",
        "card ending in 4242",
    ],
    "VEHICLE": [
        "My truck is the blue F-150, plate 8ABC123",
        "placas ABC-12-34",
        "Kennzeichen B-AB 1234",
    ],
    "IP": [
        "from 203.0.113.9",
    ],
    "PROFILE": [
        "find me on instagram @anna_k",
        "facebook.com/anna.kowalski",
    ],
    "LINK": [
        "photos: www.myalbum.example/s/kids",
        "see annas-blog.example/2024/trip",
    ],
}

STAYS = [
    "There is a depression in the lawn by the drain.",
    "The pump's stroke is 4 inches and the heart of the system is the manifold.",
    "Install a blind flange on the dead leg and bleed the radiator.",
    "The 2-stroke engine died again.",
    "The boiler died last night.",
    "Late payment of invoice 4471: 2% per month.",
    "Invoice 88213 is 30 days past due and will go to collections.",
    "The pregnant valve is stuck.",
    "Oxygen sensor and oxygen tank rental.",
    "Please separate the invoices; the pipe has separated from the fitting.",
    "Please custody transfer the meter.",
    "The wheelchair ramp needs a handrail.",
    "The hospital job starts Monday, ER wing.",
    "German-made hinges, Dutch door, French drain, Chinese restaurant.",
    "The church roof at 12 Elm needs shingles.",
    "Blind rivets, blind corner, deaf ears.",
    "Stool pigeon, sick building, disabled alarm zone 3.",
    "Two-stage furnace with a heart of gold.",
    "The alarm is disabled. Zone 4 was blind.",
    "Rehab of unit 4 and rehab budget $40,000.",
    "The retaining wall has a pregnant bulge.",
    "The tree surgeon comes Friday; tree surgery is $900.",
    "Version 2.14.0.9 of the firmware, build 10.0.0.5.",
    "Model 59SC5A040E17--14, serial 4412A98812, part 914-555.",
    "The code requires GFCI; permit code 4471, error code E4.",
    "Item code 44192, color code RAL 7016, dress code casual.",
    "Gate valve 3/4, door 36 x 80, garage 24x24.",
    "Key features: 120 V, 15 A. Lock 3 ships Friday.",
    "Card stock 110 lb, gift card $50, business cards.",
    "Account 44921 with Ferguson Supply, net 30.",
    "License plate bracket, plate 12 gauge steel, base plate 3/8.",
    "We pay $45 an hour for labor and $4,150 a month for the lot rental.",
    "The invoice is late; we are two weeks behind on the job.",
    "Behind on the schedule because of rain.",
    "They can't pay by card? Checks are fine.",
    "Supplier went bankrupt, so the part is gone.",
    "Tracking 1Z999AA10123456784 and 9400 1000 0000 0000 0000 00.",
    "ISBN 978-3-16-148410-0 and UPC 036000291452.",
    "The orthodox approach is copper; a conservative estimate is $900; liberal use of sealant.",
    "A 5-year warranty; passed inspection on Friday; the inspector passed.",
    "We lost power; lost the signal; we split the bill.",
    "Aid: use AIDS decal? no. The unit is on life support, replace it.",
    "Clutch walker excavator; bad back panel; walker rental.",
    "Password reset is on the login page; the password is required.",
    "The access panel is 24 in; security deposit is 1200; pin 4 is ground.",
    "Polish the floor; Turkish marble; Indian slate; Roman shades.",
    "meeting at 10:30, room 204, Tuesday 5/12.",
    "Insurance claim 4471-B; policy number on file; member of the crew.",
    "separation of the membrane; adoption of the new code; mediation clause.",
]


def labels(text: str) -> set[str]:
    seen = view(text).text
    found = {rule.label for rule, *_ in ROWS.find(seen)}
    return found | ({"PHONE"} if any(phones(seen)) else set())


@pytest.mark.parametrize(
    ("label", "text"), [(label, text) for label, texts in GONE.items() for text in texts]
)
def test_what_is_said_of_a_person_is_found(label: str, text: str) -> None:
    assert label in labels(text)


@pytest.mark.parametrize("text", STAYS)
def test_words_of_the_trades_are_left_alone(text: str) -> None:
    assert not labels(text)


@pytest.mark.parametrize("text", [*STAYS, *(text for texts in GONE.values() for text in texts)])
def test_a_gate_hides_nothing_that_its_row_would_find(text: str) -> None:
    gated = {(rule.name, start, end) for rule, start, end, _ in ROWS.find(text)}
    assert {(rule.name, start, end) for rule, start, end, _ in UNGATED.find(text)} <= gated


@pytest.mark.parametrize("before", ["", "Good morning, we are here all week.\n\n"])
def test_rows_of_other_languages_read_mail_that_is_not_all_english(before: str) -> None:
    spanish = "Buenos días, mi marido se rompió la pierna y no puede abrir la puerta."
    assert "health in Spanish" in {rule.name for rule, *_ in ROWS.find(before + spanish)}


def test_a_gate_is_shut_where_nothing_can_match() -> None:
    opened = [RULES[i] for i, _ in Gates(RULES).open("The boiler is fine, see you on Tuesday.")]
    assert {rule.label for rule in opened}.isdisjoint({"SSN", "CARD", "IBAN", "EMAIL", "IP"})
    assert len(opened) < len(RULES) / 3
