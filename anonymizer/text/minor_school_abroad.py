"""Schools and years of school in Spanish, French, German and Portuguese."""

from __future__ import annotations

from anonymizer.text.minor_school_names import SCHOOL_NAME
from anonymizer.text.minor_words import CHILD_WORD, NAMES, NAMES_1, Row, row

_ES_YEAR = (
    r"(?:(?:primer|segund|tercer|cuart|quint|sext|sépt|séptim|octav"
    r"|noven)[oa]?\s(?:grado|de (?:la )?(?:primaria|secundaria|ESO|infantil"
    r"|básica)|curso|año de (?:primaria|secundaria))"
    r"|\d\.?[ºo°]\s(?:de\s)?(?:primaria|ESO|secundaria|grado|infantil|curso)"
    r"|kínder|preescolar|prepa(?:ratoria)?|bachillerato|guardería"
    r"|jardín de (?:niños|infantes|infancia)|la ESO)"
)
_FR_YEAR = (
    r"(?:(?-i:CP|CE1|CE2|CM1|CM2)\b|(?:petite|moyenne|grande) section|sixième"
    r"|cinquième|quatrième|troisième|(?-i:seconde|première)(?=[ .,;]|$)"
    r"|terminale|\d{1,2}(?:e|ème|re|ère)\sannée|(?:première|deuxième|troisième"
    r"|quatrième|cinquième|sixième) année|maternelle|secondaire \d"
    r"|(?:la )?garderie|(?:la )?crèche|[3-6](?:e|ème)\b)"
)
_DE_YEAR = (
    r"(?:\d{1,2}\.\s(?:Klasse|Schuljahr)|(?:erste|zweite|dritte|vierte|fünfte"
    r"|sechste|siebte|achte|neunte|zehnte)[nr]?\s(?:Klasse|Schuljahr)"
    r"|Grundschule|Kindergarten|Vorschule|Kita|Oberstufe)"
)
_PT_YEAR = (
    r"(?:\d[ºo°]\sano|(?:primeiro|segundo|terceiro|quarto|quinto) ano"
    r"|jardim de infância|creche)"
)

ROWS: tuple[Row, ...] = (
    row(
        "está en",
        "grado primaria secundaria eso kínder kinder"
        " preescolar prepa preparatoria bachillerato"
        " guardería curso infantil jardín ano creche",
        rf"(?:\b(?P<kin>{CHILD_WORD})(?:,?\s{NAMES_1})?|\b(?P<pronoun>él|ella)"
        rf"|(?<![\w-]){NAMES})(?:,\s(?:que|qui|die|der))?(?:,)?\s(?:está|va|cursa"
        rf"|estudia|empieza|entra|pasa|estão|vai|inicia|hace)\s(?:en\s|a\s|al\s|no\s"
        rf"|na\s|para\s)?(?:el\s|la\s|o\s)?(?P<SCHOOL>{_ES_YEAR}|{_PT_YEAR})",
    ),
    row(
        "year abroad",
        "grado primaria secundaria eso kínder preescolar"
        " prepa bachillerato guardería curso cp"
        " ce1 ce2 cm1 cm2 section sixième cinquième"
        " quatrième troisième terminale année maternelle"
        " garderie crèche secondaire klasse schuljahr"
        " grundschule kindergarten vorschule kita ano creche",
        rf"(?P<SCHOOL>\b(?:{_ES_YEAR}|{_FR_YEAR}|{_DE_YEAR}|{_PT_YEAR})\b)",
        child_near=True,
    ),
    row(
        "moi, élève",
        "classe en élève schülerin schüler klasse"
        " curso alumno alumna gehe année eso secundaria instituto",
        rf"(?P<me>\b(?:je suis|je vais|ich bin|ich gehe|soy|estoy|curso"
        rf"|eu estou))\s(?:(?:en|à|au|in|in die|in der|auf das|auf die|alumn[oa] de"
        rf"|élève de|élève en|Schüler(?:in)?|na|no)\s){{1,2}}(?:classe de\s|la\s"
        rf"|der\s|die\s)?(?P<SCHOOL>{_ES_YEAR}|{_FR_YEAR}|{_DE_YEAR}|{_PT_YEAR}"
        rf"|(?:1?\d)[a-e]\b|3e|4e|5e|6e)(?:\s(?:au|à la|à l'|de la|del|der|des|am"
        rf"|an der|en el|en la)\s?(?P<SCHOOL>{SCHOOL_NAME}))?",
    ),
    row(
        "Elternabend",
        "elternabend zeugnis einschulung schulfest hausaufgaben klassenfahrt schulausflug",
        rf"(?<![\w-]){NAMES_1}'?s?\s(?:Elternabend|Zeugnis\w*|Einschulung|Schulfest"
        rf"|Hausaufgaben|Klassenfahrt|Schulausflug|Elternsprechtag)\b",
        sure=True,
    ),
    row(
        "sale del colegio",
        "sale entra va colegio cole ceip ies instituto sort école",
        rf"(?<![\w-]){NAMES_1}\s(?:sale|entra|va|vuelve|sort|rentre|va)\s(?:del?|al?"
        rf"|a la|de la|de l'|à l'|en el|du)\s?(?:(?P<SCHOOL>{SCHOOL_NAME})|colegio"
        rf"|cole|escuela|guardería|école|crèche|maternelle)",
        sure=True,
    ),
    row(
        "reunión de padres",
        "reunión réunion padres parents kermesse",
        rf"\b(?:reunión de padres|réunion (?:de |des )?parents(?:-profs)?|kermesse"
        rf"|festival escolar)\s(?:de|d'|pour|à l'école de)\s?(?:mi hij[oa] "
        rf"|mon fils |ma fille )?{NAMES_1}",
    ),
    row(
        "est en",
        "cp ce1 ce2 cm1 cm2 section sixième cinquième"
        " quatrième troisième seconde première terminale"
        " année maternelle garderie crèche secondaire 6e 5e 4e 3e 6ème 5ème",
        rf"(?:\b(?P<kin>{CHILD_WORD})(?:,?\s{NAMES_1})?|\b(?P<pronoun>il|elle)"
        rf"|(?<![\w-]){NAMES})(?:,\s(?:que|qui|die|der))?\s(?:est|entre|va|passe"
        rf"|rentre|sera|redouble)\s(?:en\s|au\s|à\s|dans\s)(?:la\s"
        rf"|le\s)?(?P<SCHOOL>{_FR_YEAR})",
    ),
    row(
        "geht in",
        "klasse schuljahr grundschule kindergarten vorschule kita oberstufe",
        rf"(?:\b(?P<kin>{CHILD_WORD})(?:,?\s{NAMES_1})?|\b(?P<pronoun>er|sie)"
        rf"|(?<![\w-]){NAMES})(?:,\s(?:que|qui|die|der))?\s(?:geht|kommt|ist|besucht"
        rf"|wechselt)\s(?:in\s|auf\s|noch in\s|jetzt in\s)?(?:die\s|der\s|den\s"
        rf"|im\s)?(?P<SCHOOL>{_DE_YEAR})",
    ),
    row(
        "dessen Schule",
        "schule gymnasium kita grundschule colegio"
        " escuela école collège lycée escola ceip"
        " ies oberschule realschule volksschule instituto",
        rf"(?P<SCHOOL>\b{SCHOOL_NAME})",
        child_near=True,
    ),
)
