"""Reply headers and forward marks of many languages are cut from what is newly written."""

# ruff: noqa: RUF001 - other scripts are what these tests are about

from __future__ import annotations

import pytest

from anonymizer.text.segments import segment

HEADERS = [
    "El lun, 4 may 2026 a las 10:12, Ana Ruiz (<ana@mail.example>) escribió:",
    "El 4/5/2026 a las 10:12, Ana Ruiz escribió:",
    "De: Ana Ruiz <ana@mail.example>\nEnviado: lunes, 4 de mayo de 2026 10:12\n"
    "Para: Oficina <o@h.example>\nAsunto: Fuga",
    "Le lun. 4 mai 2026 à 10:12, Ana Ruiz <ana@mail.example> a écrit :",
    "De : Ana Ruiz <ana@mail.example>\nEnvoyé : lundi 4 mai 2026 10:12\n"
    "À : Bureau <o@h.example>\nObjet : Fuite",
    "Am Mo., 4. Mai 2026 um 10:12 Uhr schrieb Ana Ruiz <ana@mail.example>:",
    "Von: Ana Ruiz <ana@mail.example>\nGesendet: Montag, 4. Mai 2026 10:12\n"
    "An: Büro <o@h.example>\nBetreff: Leck",
    "Il giorno lun 4 mag 2026 alle ore 10:12 Ana Ruiz <ana@mail.example> ha scritto:",
    "Da: Ana Ruiz <ana@mail.example>\nInviato: lunedì 4 maggio 2026 10:12\n"
    "A: Ufficio <o@h.example>\nOggetto: Perdita",
    "Em seg., 4 de mai. de 2026 às 10:12, Ana Ruiz <ana@mail.example> escreveu:",
    "A segunda, 4/05/2026, 10:12, Ana Ruiz <ana@mail.example> escreveu:",
    "De: Ana Ruiz <ana@mail.example>\nEnviada em: segunda-feira, 4 de maio de 2026 10:12\n"
    "Para: Escritório <o@h.example>\nAssunto: Vazamento",
    "Op ma 4 mei 2026 om 10:12 schreef Ana Ruiz <ana@mail.example>:",
    "Van: Ana Ruiz <ana@mail.example>\nVerzonden: maandag 4 mei 2026 10:12\n"
    "Aan: Kantoor <o@h.example>\nOnderwerp: Lek",
    "pon., 4 maj 2026 o 10:12 Ana Ruiz <ana@mail.example> napisał(a):",
    "W dniu 4.05.2026 o 10:12, Ana Ruiz pisze:",
    "Od: Ana Ruiz <ana@mail.example>\nWysłano: poniedziałek, 4 maja 2026 10:12\n"
    "Do: Biuro <o@h.example>\nTemat: Przeciek",
    "في الاثنين، 4 مايو 2026 في 10:12 ص كتب Ana Ruiz <ana@mail.example>:",
    "في ٤ مايو ٢٠٢٦، الساعة ١٠:١٢ ص، كتب/كتبت آنا رويز <ana@mail.example>:",
    "من: آنا رويز <ana@mail.example>\nتاريخ الإرسال: الاثنين، 4 مايو 2026 10:12\n"
    "إلى: المكتب <o@h.example>\nالموضوع: تسرب",
]


@pytest.mark.parametrize("mark", ["> ", ""], ids=["marked", "plain"])
@pytest.mark.parametrize("header", HEADERS)
def test_a_reply_header_starts_the_quotation(header: str, mark: str) -> None:
    new = "New text here, thanks.\n\n"
    text = f"{new}{header}\n{mark}Old text of the other side.\n{mark}More of it."
    cut = [(piece.kind, text[piece.start : piece.end]) for piece in segment(text)]
    assert cut[0][0] == "new"
    assert cut[0][1].strip() == new.strip()
    assert {kind for kind, _ in cut[1:]} == {"quoted"}


@pytest.mark.parametrize(
    "line",
    [
        "---------- Mensaje reenviado ---------", "---------- Message transféré ---------",
        "---------- Weitergeleitete Nachricht ---------",
        "---------- Messaggio inoltrato ---------",
        "---------- Mensagem encaminhada ---------",
        "---------- Doorgestuurd bericht ---------",
        "---------- Przekazana wiadomość ---------",
        "---------- رسالة مُعاد توجيهها ---------",
    ],
)  # fmt: skip
def test_a_forwarded_mail_is_new_text(line: str) -> None:
    text = f"Can you look at this?\n\n{line}\nWe have a leak in the kitchen."
    assert {piece.kind for piece in segment(text)} == {"new"}


@pytest.mark.parametrize(
    "line",
    [
        "-------- Mensaje original --------", "-------- Message d'origine --------",
        "-----Ursprüngliche Nachricht-----", "-----Messaggio originale-----",
        "-----Mensagem original-----", "-----Oorspronkelijk bericht-----",
        "-------- Wiadomość oryginalna --------", "-----الرسالة الأصلية-----",
    ],
)  # fmt: skip
def test_an_original_message_is_quoted(line: str) -> None:
    text = f"Thanks, that is fine by us.\n\n{line}\nWe have a leak in the kitchen."
    assert [piece.kind for piece in segment(text)] == ["new", "quoted"]
