"""What the strict reading takes for no name, and where it expects one, as rows by language."""

# ruff: noqa: RUF001 - letters of other scripts

from __future__ import annotations

from typing import Final

MODEL_LANGUAGES: Final = frozenset({"en"})
"""Languages that the language model knows; every other is read strictly."""

CAPITAL_NOUNS: Final = frozenset({"de"})
"""Languages that write every noun with a capital."""

SPOKEN: Final = {
    "ar": "Arabic", "bn": "Bengali", "cs": "Czech", "da": "Danish", "de": "German",
    "el": "Greek", "es": "Spanish", "fa": "Persian", "fr": "French", "he": "Hebrew",
    "hi": "Hindi", "ht": "Haitian Creole", "hu": "Hungarian", "it": "Italian",
    "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sq": "Albanian", "sv": "Swedish", "tl": "Tagalog",
    "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
"""English names of the languages, for reasons that a person reads."""

_PLACE_BEFORE: Final = {
    "es": "en desde hacia calle avenida avda plaza barrio ciudad provincia",
    "fr": "à rue avenue boulevard place quartier ville en vers gare",
    "de": "in nach aus am straße stadt bahnhof",
    "pt": "em no na rua avenida praça bairro cidade",
    "it": "in a via viale piazza corso quartiere città",
    "nl": "in naar te uit straat",
    "pl": "w we ulica ulicy ul al osiedle miasto mieście",
    "ru": "в улица улице город",
    "uk": "в у вулиця вулиці місто",
}
PLACE_BEFORE: Final = {code: frozenset(row.split()) for code, row in _PLACE_BEFORE.items()}
"""Words before a place, which is no name of a person."""

_BUSINESS: Final = """
    iva nif cif dni ite nie tva siret siren ttc ht cap piva iban bic mwst ust ustid plz nip
    pesel regon kvk btw vat kg gmbh ug ag kg ohg ek sl slu sa sas sarl eurl snc srl spa scarl
    lda ltda eireli me bv nv vof sp zoo spzoo oo sc inc llc ltd corp pvc pex led lcd hvac
    whatsapp
    pdf sms usb wifi wlan dhl ups kw kwh dn cv m2 ok lunes martes miércoles jueves viernes
    sábado domingo enero febrero marzo abril mayo junio julio agosto septiembre octubre
    noviembre diciembre lundi mardi mercredi jeudi vendredi samedi dimanche janvier février
    mars avril mai juin juillet août septembre octobre novembre décembre montag dienstag
    mittwoch donnerstag freitag samstag sonntag segunda terça quarta quinta sexta janeiro
    fevereiro março maio junho julho setembro outubro novembro dezembro lunedì martedì
    mercoledì giovedì venerdì sabato domenica gennaio febbraio aprile maggio giugno luglio
    settembre ottobre novembre dicembre maandag dinsdag woensdag donderdag vrijdag zaterdag
    zondag factura presupuesto pedido cliente empresa señor señora usted ustedes don doña sr
    sra srta dr dra facture devis commande client société entreprise monsieur madame
    mademoiselle mme mlle messieurs mesdames rechnung angebot auftrag kunde firma herr frau
    fatura fatura orçamento encomenda senhor senhora sr sra dona fattura preventivo ordine
    ditta signor signora sig dott ing geom rag arch factuur offerte bestelling klant bedrijf
    heer mevrouw meneer dhr mevr mw faktura oferta zamówienie klient firma pan pani panu
    panią pana państwo państwa państwu szanowni szanowna szanowny dzień pozdrawiam navidad
    noël weihnachten natal natale pâques semana ostern easter boże internet ubuntu android
    iphone nota asunto re objet betreff assunto oggetto onderwerp temat ave c p bizum estado
    inglés español francés français anglais deutsch englisch português inglês italiano
    inglese nederlands engels polski angielski ayuntamiento mairie comune prefeitura
    comunidad copropiété syndic edificio bloque piso portal residencia résidence bâtiment
    appartement escalier étage apartamento andar bloco edifício condominio scala interno
    palazzina appartamento gebouw verdieping blok klatka mieszkanie piętro
"""
BUSINESS: Final = frozenset(_BUSINESS.split())
"""Capitalised words of business mail that are no names, all languages in one."""

_LEGAL_FORMS: Final = """
    gmbh ag kg ug ohg sl s.l sa s.a sas sarl srl s.r.l spa s.p.a lda ltda bv b.v nv n.v inc llc
    ltd
"""
LEGAL_FORMS: Final = frozenset(_LEGAL_FORMS.split())
"""What follows the name of a firm, without the last point."""

_FIRM_WORDS: Final = """
    sp gmbh ug ag kg ohg eg sl s.l sa s.a sas sarl eurl snc srl spa lda ltda bv nv vof zoo
    fontanería instalaciones reformas construcciones electricidad climatización servicios
    ferretería suministros talleres administraciones fincas comunidad inmobiliaria seguros
    plomberie chauffage électricité sanitaire entreprise établissements ets société agence
    syndic immobilier immobilière assurances garage cabinet mairie
    sanitär heizung installateur haustechnik gebäudetechnik elektro hausverwaltung
    versicherung stadtwerke baumarkt handwerk meisterbetrieb
    encanamento canalizações hidráulica construções imobiliária seguros condomínio serviços
    idraulica termoidraulica impianti costruzioni edilizia condominio amministrazione studio
    officina assicurazioni ferramenta
    loodgieter loodgietersbedrijf installatiebedrijf verwarming woningcorporatie makelaardij
    bouw techniek groep verzekeringen
    hydraulika instalacje usługi budowlane spółdzielnia wspólnota zakład ubezpieczenia
    gestion gestión gestione verwaltung administración administration immobilien
    banco banque bank sparkasse banca hotel hôtel restaurante restaurant ristorante colegio
    école schule escola scuola école hospital hôpital krankenhaus ospedale clínica clinique
"""
FIRM_WORDS: Final = frozenset(_FIRM_WORDS.split())
"""Words that make the capitalised words around them a firm or an institution."""

_STREET_BEFORE: Final = (
    r"calle|c/|avda?\.?|avenida|avinguda|plaza|plza\.?|paseo|p\.º|camino|carretera|ctra\.?|ronda"
    r"|travesía|carrer|rue|avenue|av\.|boulevard|bd\.?|chemin|allées?|impasse|quai|cours|route"
    r"|place|via|viale|v\.le|piazza|p\.zza|corso|c\.so|largo|vicolo|strada|rua|r\.|travessa"
    r"|praça|alameda|estrada|rodovia|ulica|ul\.|aleja|al\.|osiedle|os\.|plac|pl\."
    r"|улица|ул\.|проспект|пр\.|вулиця|вул\.|شارع|طريق"
)
_STREET_AFTER: Final = (
    r"straße|strasse|str\.|weg|platz|allee|gasse|damm|ufer|kai|ring|chaussee|markt|steig|straat"
    r"|laan|plein|gracht|kade|singel|dijk|vägen|gatan|vej|gade"
)
_PARTICLES: Final = (
    r"(?:(?:de|del|di|da|do|dos|das|des|du|la|las|los|le|les|el|l'|d')[ ]?){0,3}"
)
_STREET_WORD: Final = _PARTICLES + r"\p{L}[\p{L}'.-]{1,23}"
_CAPITAL_WORD: Final = r"\p{Lu}[\p{L}'-]{1,24}"
_HOUSE: Final = r"\d{1,5}(?:[ ]?(?:bis|ter)\b|[a-z]\b)?(?:[ ]?[/-][ ]?\d{1,4}[a-z]?)?"
_FLAT_WORD: Final = (
    r"piso|planta|puerta|apto\.?|apartamento|esc\.?|bajo|étage|appt?\.?|appartement|bât\.?|og|eg"
    r"|etage|whg\.?|wohnung|hinterhaus|vorderhaus|links|rechts|mitte|int\.?|interno|scala|piano"
    r"|andar|bloco|ap\.?|m\.|lok\.?|bus|unit|apt\.?"
)
_FLAT: Final = (
    r"(?:,?[ ](?:\d{1,2}[ ]?[º°ª](?:[ ](?:(?-i:[A-Z])\b|izq\w*|dcha?\w*|andar|piso|planta))?"
    rf"|(?:\d{{1,2}}[ ]?(?:[.]|er|e|ème)[ ]?)?(?:{_FLAT_WORD})(?!\p{{L}})"
    r"(?:[ ]?n?[º°]?[ ]?(?=[A-Z]?\d|[A-Z]\b)[\p{L}\d]{1,3}\b)?)){0,4}"
)
_POSTCODE: Final = r"(?:\d{2}-\d{3}|\d{4}[ ]?[A-Z]{2}\b|\d{4,5}(?:-\d{3})?)"
_TOWN: Final = (
    rf"(?:,?[ \n](?:[A-Z]{{1,2}}-)?{_POSTCODE}[ ](?-i:{_CAPITAL_WORD}"
    rf"(?:[ ](?:de[ ]|la[ ]|am[ ])?{_CAPITAL_WORD}){{0,2}})"
    rf"|,?[ ](?-i:{_CAPITAL_WORD}(?:[ ]{_CAPITAL_WORD})?,?[ ][A-Z]{{2}})[ ]\d{{5}})?"
)

STREETS: Final = (
    rf"(?<![\p{{L}}\p{{N}}])(?:{_STREET_BEFORE})[ ]?(?:{_STREET_WORD}[ ]){{0,3}}"
    rf"(?:{_STREET_WORD})[ ]?,?[ ](?:n[.º°]{{0,2}}[ ]?|nr\.?[ ]?)?{_HOUSE}{_FLAT}{_TOWN}",
    rf"(?<![\p{{L}}\p{{N}}.,])\d{{1,5}}(?:[ ](?:bis|ter))?,?[ ](?:{_STREET_BEFORE})[ ]"
    rf"(?-i:(?:(?:de|du|des|la|las|los|le|les|el)[ ]|l'|d'){{0,3}}{_CAPITAL_WORD}"
    rf"(?:[ -]{_CAPITAL_WORD}){{0,3}}){_FLAT}{_TOWN}",
    r"(?<![\p{L}\p{N}-])(?-i:\p{Lu}[\p{L}]{1,24}[ -]){0,2}(?-i:\p{Lu}\p{L}{1,24})??[ ]?"
    rf"(?:{_STREET_AFTER})[ ]{_HOUSE}{_FLAT}{_TOWN}",
)
"""Streets with a house number, and flat and town behind; read without regard to case."""
