"""Purely personal mail is told from business mail, and no customer's mail is lost to it."""

import pytest

from flows.intake.purpose import judge
from tests.flows.intake.building import read

PERSONAL = [
    (
        "Sunday",
        "Are you guys coming over Sunday? Dad does his ribs and the kids want to show you"
        " the new puppy. Bring that potato salad. Love, Jen",
    ),
    ("", "I miss you. When are you coming home?"),
    ("", "Running late, can you pick up Emma from daycare? I get takeout on the way home."),
    ("Re: mom", "I talked to the oncologist. Mom starts chemo on Thursday. Call her tonight?"),
    ("Happy anniversary!", "Thirty years, you two! Hugs from all of us in Denver."),
    (
        "so sorry",
        "I am so sorry for your loss. He taught us all to fish. See you at the service.",
    ),
    ("it's a girl!!", "Lily Rose, 7 lbs, born last night. Mother and baby are doing great."),
    (
        "Re: Re: hi",
        "haha no way!! he actually asked her out. tell me everything tomorrow. xoxo",
    ),
    ("Save the date!", "we are getting married! June 5, under the apple trees at Grandma's"),
    ("school", "Dear parent or guardian, the report card of your child comes home on Friday."),
    ("costumes", "Gia wants to be a dragon. Pick them up at 5 for trick or treat. Baci, Nonna"),
    ("Hola mamá", "Hola mamá, llegamos bien. Los niños durmieron. Un beso grande, Lucía"),
    ("dimanche", "Coucou, on fait un barbecue chez nous, vous venez ? Bises, Claire"),
    ("Geburtstag", "Liebe Oma, alles Gute zum Geburtstag! Wir kommen am Sonntag. Dein Felix"),
]
BUSINESS = [
    (
        "leak",
        "Our sink is leaking and my wife is furious. Come before Saturday? It's our"
        " daughter's birthday party. 12 Oak St, 555-0142",
    ),
    (
        "Re: appointment",
        "Sorry I missed your call, I was picking up the kids from school. Tuesday"
        " at 10 works. Thanks! Maria",
    ),
    (
        "my mom's furnace",
        "My mom is 84 and lives alone. Her furnace went out last night. Please"
        " call her first, she is hard of hearing.",
    ),
    (
        "Quick question",
        "Hey Joe, long time no see! How are the kids? We're redoing the bathroom,"
        " can you give us a price? xo Linda",
    ),
    (
        "reschedule",
        "My husband passed away, and the funeral is on Thursday, so nobody will be"
        " home. Could we move the visit to next week?",
    ),
    (
        "happy holidays",
        "Happy Thanksgiving from all of us at Hudson Supply! Orders placed by"
        " Tuesday ship Wednesday.",
    ),
    (
        "availability",
        "We are getting married on June 5 and looking for a caterer. Are you available?",
    ),
    (
        "thank you",
        "My kids can finally take a hot shower. Sending you a hug! Will leave a five"
        " star review.",
    ),
    (
        "gas smell",
        "we smell gas in the basement and my baby is sleeping upstairs what should we do",
    ),
    ("", "can u fix ac today? its 95 in here and i have a newborn. call my hubby 555 0101"),
    ("Check", "The check for the October work is in the mail. Happy birthday by the way! Sam"),
    ("cake order", "I'd like to order a birthday cake for my son, dinosaurs. How much is it?"),
    (
        "lesson",
        "Could Emma move her piano lesson to Wednesday? She has soccer practice Tuesdays.",
    ),
    ("condolences", "The whole team at Calderwick is sorry for your loss. Your order is held."),
    ("Fuga", "Mi esposa dice que hay una fuga en el baño y mis hijos no pueden bañarse."),
    ("Termin", "Meine Mutter ist im Krankenhaus, wir müssen den Termin verschieben."),
    ("monday", "van inspection"),
    ("", ""),
]


@pytest.mark.parametrize(("subject", "text"), PERSONAL)
def test_personal_mail_is_personal(subject, text):
    assert judge(subject, text)[0] == "personal"


@pytest.mark.parametrize(("subject", "text"), BUSINESS)
def test_mail_that_mixes_family_and_business_is_business(subject, text):
    assert judge(subject, text)[0] == "business"


@pytest.mark.parametrize(("subject", "text"), PERSONAL[:6])
def test_a_personal_mail_with_a_request_in_it_is_business(subject, text):
    asked = f"{text}\nBy the way, the boiler leaks again, can you repair it? I pay the invoice."
    assert judge(subject, asked)[0] == "business"


def test_reasons_name_cues_and_never_words_of_the_mail():
    verdict, reasons = judge("", "Happy birthday Ottoline! Love you, Mom")
    assert verdict == "personal"
    assert "personal: birthday" in reasons
    assert "Ottoline" not in " ".join(reasons)


def test_an_office_does_not_write_personal_mail():
    party = "The holidays are here, the kids are at the party. Bring wine!"
    assert judge("party", party, "aunt.jo@post.example")[0] == "personal"
    assert judge("party", party, "sales@firm.example")[0] == "business"


def test_a_quoted_request_makes_the_answer_business():
    raw = (
        b"From: jane@doe.example\nTo: office@hudson.example\nSubject: Re: hello\n\n"
        b"Happy birthday to you too! Hugs, Jane\n\nOn Mon, Oct 5, 2026, Ruth wrote:\n"
        b"> Your boiler repair is scheduled for Tuesday, the invoice follows.\n"
    )
    assert read(raw).verdict == "business"
    assert read(raw.partition(b"\n\nOn Mon")[0]).verdict == "personal"
