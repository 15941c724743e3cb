"""How schools are named, in five languages."""

from __future__ import annotations

_WORD = r"(?-i:(?:\p{Lu}\.?[\p{L}'.-]*|St\.?|of|the|de|la|du|Le|and|&))"
_KIND = (
    r"(?-i:Elementary|Middle|High|Primary|Junior High|Junior|Grammar|Secondary"
    r"|Nursery|Charter|Montessori|Day|Preparatory|Prep|Catholic|Public"
    r"|Country Day"
    r"|Infants?|Comprehensive|Intermediate|Magnet|Lutheran|Christian|Friends"
    r"|Hebrew|Waldorf|C of E|CofE|RC|International|Community|Senior High|Upper"
    r"|Lower)"
)
SCHOOL_NAME = (
    rf"(?:(?-i:\p{{Lu}})[\p{{L}}'.-]*(?:\s{_WORD}){{0,4}}?\s(?:{_KIND}\s){{0,3}}("
    rf"?-i:Elementary(?: School)?|Primary(?: School)?|Middle(?: School)?"
    rf"|High(?: School)?|Junior High(?: School)?|School|Schools|Academy"
    rf"|Kindergarten"
    r"|Preschool|Pre-?[Kk]|Daycare|Day Care|Montessori|Collegiate|Prep|Nursery"
    r"|Nursery School|Grammar|JHS|HS|MS|ES|Secondary|Comp|Learning Center"
    r"|Child Care|Childcare|Childrens? Center|Early Learning|Yeshiva|Day School"
    r"|Elem\.?|Children's House)(?![\w-])"
    r"|(?-i:P\.?S\.?|I\.?S\.?|M\.?S\.?|J\.?H\.?S\.?)\s?#?\d{1,3}\b"
    r"|(?-i:\p{Lu}\p{L}+[- ](?:Kindergarten|Grundschule|Gymnasium|Schule|Kita"
    r"|Realschule|Hauptschule|Gesamtschule|Mittelschule)|(?:Grundschule|Kita"
    r"|Gymnasium|Realschule|Kindergarten|Gesamtschule|Oberschule|Volksschule"
    r"|Mittelschule|Hauptschule|Waldorfschule|Montessorischule)(?:\s(?:am"
    r"|an der|im|in der|St\.))?\s\p{Lu}[\p{L}-]+|(?:CEIP|IES|CEP"
    r"|CRA)(?:\s(?:\p{Lu}[\p{L}'-]+|de|la|del)){1,4})\b"
    r"|(?-i:\b(?:l'|L')?(?:[EÉeé]cole|[Cc]oll[eè]ge|[Ll]yc[eé]e|[Cc]r[eè]che"
    r"|[Cc]olegio|[Ee]scuela|[Ii]nstituto|[Gg]arderie|[Gg]uarder[ií]a|[Ee]scola"
    r"|[Cc]reche)(?:\s(?:primaire|maternelle|élémentaire|Primaria|Secundaria"
    r"|primaria|secundaria|Infantil|infantil|Preparatoria|publique|Municipal"
    r"|Superior))?(?:\s(?:de|du|des|la|le|el|do|da|los|las))*(?:\s(?:St\.?|San"
    r"|Santa)?\s?\p{Lu}[\p{L}'-]+){1,4}))"
)
"""A school by its name: Lincoln Elementary School, PS 118, Colegio San Martín."""
