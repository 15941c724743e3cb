"""How mail programs mark what is quoted, forwarded or a signature, as rows of data.

The rows of mail-parser-reply are used beside these: it knows more languages, these know what
it misses (Spanish Gmail, forwards, Lotus Notes, inline answers).
Source: https://pypi.org/project/mail-parser-reply/
"""

# ruff: noqa: RUF001 - words of other scripts

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

OPENERS: Final = (
    "on", "am", "le", "el", "il", "op", "em", "den", "dne", "dnia", "a las", "w dniu", "vào",
    "le:", "in article", "in message", "at", "a", "pon", "wt", "śr", "czw", "pt", "sob",
    "niedz",
    "في", "بتاريخ", "בתאריך", "пн", "вт", "ср", "чт", "пт", "сб", "вс",
)  # fmt: skip
"""First words of the line before a quotation."""

WROTE: Final = (
    "wrote", "writes", "schrieb", "a écrit", "a ecrit", "escribió", "escribio", "escribiste",
    "ha scritto", "schreef", "escreveu", "skrev", "napsal", "napsala", "napisał", "napisała",
    "пишет", "написал", "написала", "написав", "wrote on", "geschreven", "写道",
    "pisze", "yazdı", "a scris", "كتب", "كتبت", "كتب/كتبت", "מאת", "כתב", "כתבה",
    "schrieb am", "escribió el", "a écrit le",
)  # fmt: skip
"""Its verb, in the languages of the large mail programs."""

LABELS: Final = {
    "from": ("from", "von", "de", "da", "van", "från", "fra", "od", "от", "发件人", "差出人",
             "من", "מאת"),
    "sent": (
        "sent", "date", "gesendet", "datum", "envoyé", "envoye", "enviado", "enviado el",
        "enviado em", "fecha", "inviato", "data", "verzonden", "skickat", "sendt", "wysłano",
        "odesláno", "дата", "отправлено", "发送时间", "送信日時",
        "تاريخ الإرسال", "تم الإرسال", "التاريخ", "أرسلت", "תאריך", "נשלח", "data wysłania",
    ),
    "to": (
        "to", "an", "à", "a", "para", "aan", "till", "til", "do", "komu", "кому",
        "收件人", "宛先", "إلى", "אל",
    ),
    "cc": ("cc", "kopie", "kopi", "kopia", "copie à", "copia", "bcc", "копия", "抄送", "نسخة",
           "cópia", "kopie an", "dw", "do wiadomości"),
    "subject": (
        "subject", "betreff", "objet", "asunto", "assunto", "oggetto", "onderwerp", "ämne",
        "emne", "temat", "předmět", "тема", "主题", "件名", "sujet",
        "الموضوع", "נושא",
    ),
}  # fmt: skip
"""Labels of a header block that a mail program copies above a quoted mail, by meaning."""

ORIGINAL: Final = (
    "original message", "original e-mail", "original email", "original appointment",
    "ursprüngliche nachricht", "originalnachricht", "message d'origine", "message original",
    "message initial", "mensaje original", "messaggio originale", "mensagem original",
    "oorspronkelijk bericht", "ursprungligt meddelande", "oprindelig meddelelse",
    "opprinnelig melding", "původní zpráva", "wiadomość oryginalna", "исходное сообщение",
    "reply message", "reply separator", "الرسالة الأصلية", "הודעה מקורית",
    "oryginalna wiadomość",
)  # fmt: skip
FORWARDED: Final = (
    "forwarded message", "forwarded by", "begin forwarded message", "forwarded mail",
    "forwarded email", "weitergeleitete nachricht", "anfang der weitergeleiteten nachricht",
    "message transféré", "début du message transféré", "message réexpédié", "mensaje reenviado",
    "inicio del mensaje reenviado", "messaggio inoltrato", "inizio messaggio inoltrato",
    "mensagem encaminhada", "início da mensagem", "doorgestuurd bericht",
    "vidarebefordrat meddelande", "videresendt", "пересылаемое сообщение",
    "fin de l'e-mail transféré", "przekazana wiadomość", "wiadomość przekazana dalej",
    "mensagem reencaminhada", "رسالة مُعاد توجيهها", "رسالة معاد توجيهها",
    "الرسالة المعاد توجيهها", "הודעה שהועברה",
)  # fmt: skip

FOR_INFORMATION: Final = (
    "fyi", "f.y.i", "for your information", "for your info", "for info", "see below",
    "see the below", "see attached", "as discussed", "can you handle", "can you take",
    "please handle", "pls handle", "please deal", "please take care", "over to you",
    "zur info", "zur information", "zur kenntnis", "z.k", "z. k", "siehe unten", "s.u",
    "bitte übernehmen", "bitte erledigen", "pour info", "pour information", "voir ci-dessous",
    "para tu información", "para su información", "para tu info", "ver abajo", "te reenvío",
    "per conoscenza", "ter info", "ter informatie", "fwd", "forwarding",
)  # fmt: skip
"""What stands above a forwarded mail when its sender adds nothing of their own."""

CLOSINGS: Final = (
    "thanks", "thank you", "thanks again", "many thanks", "thanks so much", "thx", "cheers",
    "thank you very much", "thanks very much", "thanks in advance", "thank you in advance",
    "thanks and regards", "thanks & regards", "regards", "best regards", "kind regards",
    "warm regards", "warmest regards", "with regards", "best", "all the best", "best wishes",
    "sincerely", "yours sincerely", "sincerely yours", "yours truly", "yours faithfully",
    "yours", "respectfully", "cordially", "take care", "talk soon", "love", "brgds", "rgds",
    "br", "kr", "much appreciated", "have a great day", "have a nice day",
    "mit freundlichen grüßen", "mit freundlichem gruß", "mit freundlichen gruessen",
    "freundliche grüße", "viele grüße", "liebe grüße", "beste grüße", "schöne grüße", "mfg",
    "lg", "vg", "gruß", "grüße", "besten dank", "vielen dank", "danke", "herzliche grüße",
    "hochachtungsvoll", "saludos", "un saludo", "saludos cordiales", "cordiales saludos",
    "atentamente", "atte", "gracias", "muchas gracias", "cordialmente", "un abrazo", "besos",
    "quedo a la espera", "cordialement", "bien cordialement", "bien à vous", "salutations",
    "sincères salutations", "merci", "merci d'avance", "merci beaucoup", "amicalement",
    "bonne journée", "cdlt", "sentiments distingués", "cordiali saluti", "distinti saluti",
    "saluti", "grazie", "met vriendelijke groet", "groeten", "mvg", "atenciosamente",
    "obrigado", "obrigada", "abraços", "abraço", "cumprimentos", "melhores cumprimentos",
    "com os melhores cumprimentos", "muito obrigado", "muito obrigada", "un cordial saludo",
    "reciba un cordial saludo", "à bientôt", "cari saluti", "un saluto", "in fede", "a presto",
    "grazie mille", "met vriendelijke groeten", "hartelijke groet", "groetjes", "bedankt",
    "alvast bedankt", "serdecznie pozdrawiam", "pozdrowienia", "z wyrazami szacunku",
    "dziękuję", "مع التحية", "مع خالص التحية", "مع خالص الشكر", "تحياتي", "شكرا", "شكراً",
    "שלך", "בברכה", "תודה", "תודה רבה", "\u0441 уважением", "pozdrawiam", "z poważaniem",
)  # fmt: skip

SENT_FROM: Final = re.compile(
    r"(?:sent (?:from|via|with|using) (?:my |a |an |the )?|get outlook for |"
    r"gesendet (?:von|mit|"
    r"über) |von meinem |envoyé (?:de|depuis|à partir de) |enviado desde |enviado do |"
    r"inviato da"
    r"|verstuurd vanaf |skickat från |sendt fra |via mobile$|from my (?:iphone|mobile|phone)"
    r"|télécharger outlook |obtener outlook |"
    r"wysłan[eo] z |أُرسلت من |تم الإرسال من |נשלח מ|отправлено \u0441 )",
    re.IGNORECASE,
)
DISCLAIMER: Final = re.compile(
    r"[*_ ]*(?:this (?:e-?mail|message|communication|transmission)|"
    r"the information (?:contained )?"
    r"in this|confidentiality|disclaimer|privileged|legal notice|notice:|diese e-?mail|este "
    r"(?:mensaje|correo|e-?mail)|ce (?:message|courriel|mail)|le contenu de ce|la información|"
    r"please consider the environment|think before you print|aviso (?:legal|de confid))",
    re.IGNORECASE,
)
DISCLAIMER_WORDS: Final = re.compile(
    r"confiden|privileg|intended (?:only|solely|for)|vertraulich|destinat|environment|print",
    re.IGNORECASE,
)
LIST_FOOTER: Final = re.compile(
    r"mailing list|unsubscribe|listinfo|yahoo! groups|list archives?|you are receiving this|"
    r"reply to this (?:email|message) directly",
    re.IGNORECASE,
)
CONTACT: Final = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}\.\w|https?://|\bwww\.|(?:\+?\(?\d[\d\s().-]{7,18}\d)|"
    r"\b\d{3}[ .-]\d{4}\b",
    re.IGNORECASE,
)
RULE: Final = re.compile(r"[\s>*]*[-_=*~\u2013—]{2,}\s*$")
DELIMITER: Final = re.compile(r"(?:--|—|\u2013|__|-- -|--=20)[ \t]*$")
POSTSCRIPT: Final = re.compile(r"p\.? ?s\.?\b[ :.-]", re.IGNORECASE)
NOTES_AUTHOR: Final = re.compile(
    r"(?:on |"
    r"from: .{2,80}\s{2,})?\d{1,2}/\d{1,2}/\d{2,4},? (?:at )?\d{1,2}:\d\d(?::\d\d)?(?:"
    r" ?[AP]M)?"
    r"\s*$",
    re.IGNORECASE,
)
"""The line that Lotus Notes puts above its header block: who, when."""

NOTES_ANSWER: Final = re.compile(r"please respond to|sent by:", re.IGNORECASE)
"""How another such line begins: where to answer."""


def alternatives(words: tuple[str, ...]) -> str:
    """Return a regular expression for any of *words*, longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@lru_cache(maxsize=1)
def library_rows() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return mail-parser-reply's attribution lines and closings, all languages in one."""
    from mailparser_reply.constants import MAIL_LANGUAGES  # noqa: PLC0415 - first text only

    wrote = [row["wrote_header"] for row in MAIL_LANGUAGES.values() if "wrote_header" in row]
    # Rows that match nearly anything, such as Swedish "/name", are left out.
    closings = [
        closing.rstrip(",\uff0c")
        for row in MAIL_LANGUAGES.values()
        for closing in row.get("signatures", ())
        if len(closing) > 4 and not closing.startswith("/")  # noqa: PLR2004 - characters
    ]
    return (
        re.compile("|".join(wrote), re.MULTILINE | re.IGNORECASE),
        re.compile("|".join(closings), re.IGNORECASE),
    )
