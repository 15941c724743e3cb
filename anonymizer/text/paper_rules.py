"""Papers and numbers that a state or insurer gives to a person, as rows of data."""

from __future__ import annotations

from anonymizer.text import checks
from anonymizer.text.rule import BUSINESS_NUMBERS, DATE, IS, NEEDS_CONTEXT, NO_PART, Rule, stems

_GROUPS = r"(?=[A-Z]{0,5}[ -]?\d)[A-Z0-9]{1,14}(?:[ -](?=[A-Z]{0,3}\d)[A-Z0-9]{1,10}){0,5}"
"""Letters and digits in groups, a digit in every group."""

_DIGIT_WORD = (
    r"(?:(?:double |triple )?(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)"
    r"|o(?=[\s,-]))"
)
_CLEARLY_BUSINESS = tuple(
    f"{word}{mark}"
    for word in BUSINESS_NUMBERS
    for mark in (":", "#", " #", " no", " number", " nr")
)
"""What tells a number in this shape from a social security's: the word alone does not do."""

_SOCIAL = (
    r"(?:ssns?|social(?:'s)?(?: security)?|soc\.? ?sec\.?|ss ?#|ss (?:no|number)|itin|tin"
    r"|last (?:four|4)"
    r" of (?:my |his |her )?social)"
)
_PERSONAL_PAPER = (
    r"national (?:id|identity|insurance)|identity card|id card|nino|ni number|aadhaa?r|dni"
    r"|nie|nif"
    r"|codice fiscale|curp|cpf|rfc|pps|personnummer|steuer-?id(?:nr)?|green ?card|alien"
    r"|uscis"
    r"|medicare|medicaid|medi-cal|ohip|ramq|health card|carte vitale|patient|mrn"
    r"|medical record"
    r"|member|subscriber|policy ?holder|health insurance|insurance member|social insurance"
    r"|personalausweis\w{0,12}|ausweis\w{0,8}|carte d'identité|cédula|cedula"
    r"|krankenversicher\w{0,14}"
    r"|versichertennummer|sécurité sociale|securite sociale|seguridad social|nss|student id"
    r"|military id"
    r"|dod id|tribal id|work permit|visa number|i-94|prisoner|inmate|inmate id|booking"
    r"|رقم الهوية|الهوية"
)

STATE: tuple[Rule, ...] = (
    Rule(
        label="SSN",
        name="social security number",
        pattern=r"(?<!\d)(?<!\d[-.])\d[ ]?\d[ ]?\d[ ]?([-.])[ ]?(?:\n[ \t]{0,4})?\d[ ]?\d[ ]?\1"
        r"[ ]?(?:\n[ \t]{0,4})?\d[ ]?\d[ ]?\d[ ]?\d(?!\d)(?!-\d)"
        + NO_PART
        + r"|(?<![\w-])(?<!\d )\d{3}[ \t]{1,2}\d{2}[ \t]{1,2}\d{4}(?![\w-])(?! \d)",
        check=checks.ssn,
        unless=_CLEARLY_BUSINESS,
        digits=9,
        source="https://www.ssa.gov/employer/randomization.html",
    ),
    Rule(
        label="SSN",
        name="number said to be social security's",
        pattern=rf"\b{_SOCIAL}(?: card)?(?: (?:for|of) \w{{2,12}})?"
        + IS
        + r"(?:\w{2,12} )?\K(?:\d|[x*]{2,4}[ -])(?:[ .-]{0,3}[\dx*]){2,10}\b",
        starts=("ss", "social", "soc", "itin", "tin", "last"),
        digits=4,
        source="https://www.ssa.gov/employer/randomization.html",
    ),
    Rule(
        label="SSN",
        name="social security number in words",
        pattern=rf"\b{_SOCIAL}\b[^.!?\n]{{0,24}}?\K\b"
        rf"(?:{_DIGIT_WORD}[\s,-]{{1,3}}){{6,11}}{_DIGIT_WORD}\b",
        starts=("ss", "social", "soc", "itin", "tin", "last"),
        source="numbers as people dictate them",
    ),
    Rule(
        label="PHONE",
        name="number in words",
        pattern=rf"\b(?:{_DIGIT_WORD}[\s,.-]{{1,3}}){{6,13}}{_DIGIT_WORD}\b",
        check=checks.spoken,
        starts=("zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight",
               "nine",
                "double", "triple", "o "),
        source="numbers as people dictate them",
    ),
    Rule(
        label="NATIONAL_ID",
        name="social insurance number",
        pattern=r"(?<![\d-])\d{3}[- .]?\d{3}[- .]?\d{3}(?![\d-])",
        score=NEEDS_CONTEXT,
        check=checks.sin,
        context=("sin", "social insurance", "nas", "assurance sociale"),
        digits=9,
        source="https://en.wikipedia.org/wiki/Social_insurance_number",
    ),
    Rule(
        label="NATIONAL_ID",
        name="national insurance number",
        pattern=r"\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?"
        r"\d{2} ?\d{2} ?\d{2} ?[A-D]\b",
        cased=True,
        digits=6,
        source="https://www.gov.uk/hmrc-internal-manuals/national-insurance-manual/nim39110",
    ),
    Rule(
        label="NATIONAL_ID",
        name="health service number",
        pattern=r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)",
        score=NEEDS_CONTEXT,
        check=checks.nhs,
        context=("nhs",),
        digits=10,
        source="https://www.datadictionary.nhs.uk/attributes/nhs_number.html",
    ),
    Rule(
        label="NATIONAL_ID",
        name="Mexican population code",
        pattern=r"\b[A-Z][AEIOUX][A-Z]{2}\d{6}[HMX][A-Z]{5}[A-Z0-9]\d\b",
        digits=7,
        source="https://en.wikipedia.org/wiki/Unique_Population_Registry_Code",
    ),
    Rule(
        label="NATIONAL_ID",
        name="Mexican taxpayer code of a person",
        pattern=r"\b[A-ZÑ&]{4}-?\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d"
        r"|3[01])-?[A-Z0-9]{2}[A-Z0-9]\b",
        score=NEEDS_CONTEXT,
        context=("rfc", "contribuyente"),
        digits=6,
        source="https://en.wikipedia.org/wiki/Registro_Federal_de_Contribuyentes",
    ),
    Rule(
        label="NATIONAL_ID",
        name="Spanish identity number",
        pattern=r"(?<![\w-])(?:\d{2}\.?\d{3}\.?\d{3}"
        r"|[XYZ][ -]?\d{7})[ -]?[A-HJ-NP-TV-Z](?![\w-])",
        check=checks.dni,
        digits=7,
        source="https://en.wikipedia.org/wiki/Documento_Nacional_de_Identidad_(Spain)",
    ),
    Rule(
        label="NATIONAL_ID",
        name="French social security number",
        pattern=r"(?<!\d)[1-478][ .]?\d{2}[ .]?(?:0[1-9]|1[0-2]|[2-9]\d)[ .]?(?:\d{2}"
        r"|2[AB])[ .]?\d{3}"
        r"[ .]?\d{3}(?:[ .]?\d{2})?(?!\d)",
        check=checks.nir,
        digits=12,
        source="https://fr.wikipedia.org/wiki/Numéro_de_sécurité_sociale_en_France",
    ),
    Rule(
        label="NATIONAL_ID",
        name="German tax number of a person",
        pattern=r"(?<!\d)[1-9]\d ?\d{3} ?\d{3} ?\d{3}(?!\d)",
        score=NEEDS_CONTEXT,
        check=checks.steuer_id,
        context=("steuer", "steuer-id", "steuerid", "idnr", "identifikationsnummer",
                 "steueridentifikationsnummer", "steuer-identifikationsnummer", "tin"),
        digits=11,
        source="https://de.wikipedia.org/wiki/Steuerliche_Identifikationsnummer",
    ),
    Rule(
        label="NATIONAL_ID",
        name="German insurance number",
        pattern=r"\b\d{2} ?\d{6} ?[A-Z] ?\d{3}\b",
        score=NEEDS_CONTEXT,
        context=("rentenversicherung", "rentenversicherungsnummer", "sozialversicherung",
                 "sozialversicherungsnummer", "sv-nummer", "svnr", "rvnr"),
        digits=11,
        source="https://de.wikipedia.org/wiki/Versicherungsnummer",
    ),
    Rule(
        label="NATIONAL_ID",
        name="Brazilian taxpayer number",
        pattern=r"(?<![\d.-])\d{3}\.\d{3}\.\d{3}-\d{2}(?![\d-])",
        check=checks.cpf,
        digits=11,
        source="https://en.wikipedia.org/wiki/CPF_number",
    ),
    Rule(
        label="NATIONAL_ID",
        name="Irish public service number",
        pattern=r"\b\d{7}[A-W][A-IW]?\b",
        score=NEEDS_CONTEXT,
        context=("pps", "ppsn", "pps number", "personal public service"),
        digits=7,
        source="https://en.wikipedia.org/wiki/Personal_Public_Service_Number",
    ),
    Rule(
        label="NATIONAL_ID",
        name="immigration number",
        pattern=r"\b(?:A[ -]?number|alien(?: registration)?(?: number)?|uscis)\b[^\d\n]{0,16}"
        r"\K(?:A[ -]?)?\d{2,3}[- ]?\d{3}[- ]?\d{3}\b"
        r"|\b(?:SRC|LIN|WAC|EAC|MSC|NBC|IOE|YSC)[- ]?\d{10}\b",
        starts=("a-number", "a number", "anumber", "alien", "uscis", "src", "lin", "wac", "eac",
                "msc", "nbc", "ioe", "ysc"),
        digits=8,
        source="https://www.uscis.gov/glossary-term/50723",
    ),
    Rule(
        label="NATIONAL_ID",
        name="immigration number by its shape",
        pattern=r"(?<![\w-])A[ -]?\d{3}[- ]\d{3}[- ]\d{3}(?![\w-])",
        cased=True,
        digits=9,
        source="https://www.uscis.gov/glossary-term/50723",
    ),
    Rule(
        label="NATIONAL_ID",
        name="Medicare number",
        pattern=r"\b[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]"
        r"\d-?[AC-HJKMNP-RT-Y]{2}\d{2}\b",
        digits=5,
        source="https://www.cms.gov/medicare/new-medicare-card (format of the identifier)",
    ),
    Rule(
        label="NATIONAL_ID",
        name="number said to be a personal one",
        pattern=rf"\b(?:{_PERSONAL_PAPER})"
        r"(?:nummer)?(?: card)?(?: (?:for|of) \w{2,12})?" + IS
        + r"\K(?=[A-Z-]{0,8}\d)[A-Z0-9](?:[A-Z0-9]|[./-](?=[A-Z0-9])|\s(?=\d)){5,22}\b",
        digits=3,
        starts=stems(_PERSONAL_PAPER),
        unless=("team", "staff", "crew", "structural", "family"),
        source="words before such numbers",
    ),
)  # fmt: skip

PERSONAL: tuple[Rule, ...] = (
    Rule(
        label="DRIVER_LICENCE",
        name="driver licence",
        pattern=r"\b(?:(?:driver'?s?'?|drivers'|driving|operator'?s)[ -]?licen[cs]e"
        r"|licencia (?:de"
        r" (?:conducir|manejo)|para conducir)|permiso de conducir|carn[eé] de conducir"
        r"|permis de"
        r" conduire|f[üu]hrerschein(?:nummer)?|رخصة القيادة)(?: \([A-Z .]{2,16}\)"
        r"| from \w{2,12})?"
        + IS + r"(?:[A-Z]{2}[ :])?\K" + _GROUPS + r"\b"
        r"|(?-i:\b[A-Z]{2} DL )\K(?=[A-Z]?\d{3})[A-Z]?\d{3}[\d-]{4,16}\b"
        r"|(?-i:\b(?:[A-Z]{2} )?(?:DL|D\.L\.|CDL|OLN))(?: ?(?:#|no\.?|number|num|is"
        r"|:)){1,3}\s?\K"
        + _GROUPS + r"\b|(?-i:\bDL) \K(?=[A-Z]?\d{6})[A-Z]?\d{6,13}\b"
        r"|\b(?:my|his|her|their|state) (?:licen[cs]e|lic\.?|id)(?: \([A-Z .]{2,16}\))?" + IS
        + r"\K(?=[A-Z]{0,2}\d)[A-Z0-9](?:[A-Z0-9]|-(?=[A-Z0-9])){6,18}\b"
        r"|\b(?:lic|licen[cs]e)\b\.?[ :#]{1,3}\K[A-Z]\d{3}-?\d{4}-?\d{4}\b"
        r"|\b(?:permis|permiso|licencia|f[üu]hrerschein)(?:[- ]?(?:n[°ºo]\.?|nr\.?|num\.?|:))"
        r"{1,2} ?\K(?=[A-Z]{0,2}\d)[A-Z0-9]{7,14}\b",
        check=checks.numbered,
        needs=("licen", "permis", "permiso", "carn", "führerschein", "fuhrerschein", "cdl",
               "dl", "d.l.", "oln", "lic", "state id", "رخصة"),
        digits=4,
        source="https://en.wikipedia.org/wiki/Driver%27s_license_numbers_in_the_United_States",
    ),
    Rule(
        label="DRIVER_LICENCE",
        name="British driver licence",
        pattern=r"\b[A-Z9]{5} ?\d{6} ?[A-Z9]{2} ?\d[A-Z]{2}(?: ?\d{2})?\b",
        digits=7,
        source="https://en.wikipedia.org/wiki/Driving_licence_in_the_United_Kingdom",
    ),
    Rule(
        label="PASSPORT",
        name="passport",
        pattern=r"\b(?:passports?|pasaporte|passeport|reisepass(?:-?(?:nr|nummer)\.?)?"
        r"|pass-?nr|ppt?(?= ?(?:no|#|n[°º]))"
        r"|جواز(?: السفر)?)"
        r"(?: (?:\([\w .]{2,16}\)|book|card|for \w{2,14}|del?|de \w{2,12}))?"
        r"(?: n[úu]m\.?| n[°º]\.?)?" + IS
        + r"\K(?=[A-Z]{0,3}\d)[A-Z0-9]{6,12}\b"
        r"|\bP<[A-Z]{3}[A-Z<]{20,39}(?:\s{1,2}[A-Z0-9<]{30,44})?",
        check=checks.numbered,
        needs=("passp", "pasap", "pass", "reisep", "p<", "pp", "جواز"),
        digits=4,
        source="https://www.icao.int/publications/pages/publication.aspx?docnum=9303",
    ),
    Rule(
        label="BIRTH_DATE",
        name="date of birth",
        pattern=r"\b(?:d\.?o\.?b\.?|d/o/b|date of birth|birth ?date|born|birthday|b-?day"
        r"|fecha de nacimiento"
        r"|nacid[oa](?: el)?|nac(?:i[óo]|[íi])(?: el)?|date de naissance|né(?:e|\(e\))?(?: le)?"
        r"|geboren(?: am)?"
        r"|geb\.|b\.(?= ?\d)|geburtsdatum|geburtstag|تاريخ الميلاد|مواليد)"
        r"(?:\s{0,3}(?:is|was|on|in|:|=|-|it's|it is|\.|es|est|ist|el|le|am|den"
        r"|the)){0,5}(?:\s{0,3}|[ \t.]{0,30})\K"
        + DATE + r"\b",
        unless=("was the company", "startup"),
        starts=("dob", "d/o/b", "nací", "d.o.b", "do.b", "d.ob", "date of", "birth", "born",
               "bday", "b-day",
               "fecha", "naci",
                "date de", "né", "geb", "b.", "تاريخ", "مواليد"),
        digits=2,
        source="words before such dates",
    ),
    Rule(
        label="VEHICLE",
        name="vehicle identification number",
        pattern=r"\bVIN" + IS + r"\K[A-HJ-NPR-Z0-9]{11,17}\b",
        check=checks.numbered,
        starts=("vin",),
        digits=3,
        source="https://www.iso.org/standard/52200.html",
    ),
    Rule(
        label="VEHICLE",
        name="vehicle identification number by its check digit",
        pattern=r"\b[A-HJ-NPR-Z0-9]{17}\b",
        check=checks.vin,
        cased=True,
        digits=5,
        source="https://www.ecfr.gov/current/title-49/section-565.15",
    ),
    Rule(
        label="VEHICLE",
        name="licence plate",
        pattern=r"\b(?:licen[cs]e plates?|number ?plates?|licen[cs]e tag|(?:car|truck|van"
        r"|vehicle)"
        r" (?:reg(?:istration)?|tag|plates?)|registration plate|matr[ií]cula|placas?"
        r"|(?:plaque d'|num[ée]ro d')?immatricul\w{1,6}|kennzeichen|nummernschild|لوحة السيارة)"
        r"(?: (?:number|no\.?|#|n[º°]))?(?:\s?(?:is|was|:|#|,|es|est|ist|\([A-Z]{2}\)"
        r"|-)){0,3}\s?\K"
        r"(?=[A-Z -]{0,8}\d)(?=[\d -]{0,6}[A-Z])[A-ZÄÖÜ0-9]{1,4}(?:[ -][A-Z0-9]{1,5}){0,2}\b"
        r"|\b(?:plates?|reg\.?|tag|registration)(?:\s?(?:no\.?|number|#|is|:|,)){0,2}\s?\K(?-i:"
        r"(?=[A-Z -]{0,8}\d)(?=[\d -]{0,6}[A-Z])(?![A-Z]?\d{1,2}[A-Z]?\b"
        r"(?! ?[A-Z0-9]))[A-Z0-9]{1,4}(?:[ -][A-Z0-9]{1,5}){1,2}"
        r"|(?=[A-Z]{0,6}\d)(?=\d{0,6}[A-Z])[A-Z0-9]{5,8})\b",
        check=checks.plate,
        needs=("plate", "tag", "reg", "matr", "placa", "immatric", "kennzeichen",
               "nummernsch", "number",
               "لوحة"),
        digits=1,
        source="words before such numbers",
    ),
    Rule(
        label="VEHICLE",
        name="plate of a car",
        pattern=r"\b(?:volvo|toyota|honda|nissan|subaru|bmw|audi|vauxhall|rego|car|truck|van"
        r"|suv|sedan|pickup|civic|accord|corolla|camry|f-?150"
        r"|silverado|tacoma|prius"
        r"|cr-?v|rav4|escape|explorer|altima|sentra|wrangler|odyssey|sienna|jetta|golf|passat"
        r"|corsa|fiesta|focus"
        r"|coche|carro|camioneta|voiture|auto|wagen|fahrzeug|licen[cs]e|tags?"
        r"|plates?)\b[^\n\d.!?]{0,20}[ ,(:#]\K(?-i:"
        r"\d[A-Z]{3}\d{3}|\d[A-Z]{2}[- ]?[A-Z]\d{2,3}|[A-Z]{3}[- ]\d{3,4}"
        r"|[A-Z]{1,3}-[A-Z]{1,2} ?\d{1,4}"
        r"|[A-Z]{2}-\d{3}-[A-Z]{2}|[A-Z]{2}\d{2} [A-Z]{3}|\d{4}[ -][BCDFGHJKLMNPRSTVWXYZ]{3}"
        r"|\d[A-Z]{3}\d{2,3})"
        r"\b(?![-\w])",
        check=checks.plate,
        digits=2,
        starts=("car", "truck", "van", "suv", "sedan", "pickup", "civic", "accord",
               "corolla", "camry", "f-150",
                "f150", "silverado", "tacoma", "prius", "crv", "cr-v", "rav4", "escape",
                "explorer", "altima",
                "sentra", "wrangler", "odyssey", "sienna", "jetta", "golf", "volvo",
                "toyota", "honda", "nissan", "subaru", "bmw", "audi",
                "vauxhall", "rego", "passat",
                "corsa", "fiesta", "focus",
                "coche", "voiture", "auto", "wagen", "fahrzeug", "licen", "tag", "plate",
                "camioneta"),
        source="https://en.wikipedia.org/wiki/Vehicle_registration_plate",
    ),
    Rule(
        label="VEHICLE",
        name="plate after the car's make",
        pattern=r"\b(?:Toyota|Honda|Ford|Chevy|Chevrolet|Nissan|Subaru|Kia|Hyundai|Mazda|Jeep"
        r"|Dodge|BMW"
        r"|Audi|VW|Volkswagen|Mercedes|Tesla|Lexus|Volvo|GMC|Buick|Fiat|Renault|Peugeot|Seat"
        r"|Skoda)"
        r"\b[^\n\d]{0,30}[ ,(]\K(?=[A-Z -]{0,6}\d)(?=[\d -]{0,6}[A-Z])(?!\d{4}\b)"
        r"(?:[A-Z]{2,3}\d{0,2} ?\d{1,4}[A-Z]{0,3}|[A-Z]{1,2}\d{2,3}[ -][A-Z]{3}"
        r"|[A-Z]{3}[ -][A-Z]?\d{2,4}"
        r"|\d{1,3}[A-Z]{3}\d{0,3}|\d{3}[ -][A-Z]{3}|\d[A-Z]{3}\d{3})\b(?![-\w])",
        check=checks.plate,
        cased=True,
        digits=2,
        needs=("toyota", "honda", "ford", "chev", "nissan", "subaru", "kia", "hyundai", "mazda",
               "jeep", "dodge", "bmw", "audi", "vw", "volks", "merc", "tesla", "lexus", "volvo",
               "gmc", "buick", "fiat", "renault", "peugeot", "seat", "skoda"),
        source="https://en.wikipedia.org/wiki/Vehicle_registration_plate",
    ),
)  # fmt: skip

PAPERS: tuple[Rule, ...] = STATE + PERSONAL
