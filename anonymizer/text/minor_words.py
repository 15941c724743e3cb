"""Words by which people speak of children, and the row that a rule about them is.

The pieces here are put together in the other `minor_*` modules. All patterns are read
without regard to case, save names.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import regex  # type: ignore[import-untyped]  # it ships no types

from anonymizer.text.name_cues_rows import NAME as _NAME

_NUMBER_ROWS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen",
    "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
    " dieciséis diecisiete dieciocho diecinueve",
    "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
    " dix-sept dix-huit dix-neuf",
    "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn"
    " sechzehn siebzehn achtzehn neunzehn",
    "um dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze"
    " dezesseis dezessete dezoito dezenove",
)
NUMBERS = {
    word: number for row in _NUMBER_ROWS for number, word in enumerate(row.split(), 1)
} | {"a": 1, "año": 1, "una": 1, "une": 1}
"""Numbers up to nineteen in five languages; what they count is their value."""

NUMBER_WORDS = frozenset(NUMBERS) - {"a", "año", "um", "un", "uno", "una", "une", "one"}

_N_WORDS = "|".join(sorted(NUMBER_WORDS | {"one"}, key=lambda word: (-len(word), word)))
_NOT_AGE = (
    r"(?![\w%°\"']|[:./,-]\d|\s?[x/\u00d7*=]\s?\d|\s?(?:a\.?m\b|p\.?m\b|%|\$|€)|\s(?:feet|foot|ft"
    r"|inch(?:es)?|miles?|blocks?|minutes?|mins?|hours?|hrs?|o'clock|percent|degrees?|gallons?"
    r"|amps?|volts?|units?|pieces?|lbs?|pounds?|dollars|bucks|cents|people|guys|crew|rooms?"
    r"|doors?|floors?|times|or more|and up|and over|and older|and under|minutos|heures?|Uhr"
    r"|Stunden|Minuten|horas|weeks? (?:away|out|ago|pregnant)|days? (?:away|out|ago|late)"
    r"|for \d|or younger|or under|or less|and younger|main\b|rue\b|street|avenue)\b)"
)
N = rf"(?P<n>\d{{1,3}}|\b(?:{_N_WORDS})\b)"
"""A number that may be an age."""

_HALF = r"(?:\.5|\s?1/2|\s?½|(?:,)? and a half|\.25|\.75| ans et demi| y medio|einhalb)"
UNIT = (
    r"(?P<unit>\s?-?\s?(?:years?|yrs?|months?|mos?|mths?|weeks?|wks?|days?)\.?"
    r"(?:[ -]olds?|\sof\sage)|\s?(?:yrs|years|months|mos|weeks|wks|yr|mth)\b\.?"
    r"|\s?-?\s?y[./]?o[s.]?\b"
    r"|\s(?:años(?: y medio)?|anos|meses|mois|ans(?: et demi)?|mes|semanas"
    r"|semaines|Jahren?|Monaten?|Wochen|días|jours)"
    r"(?:\s(?:de edad|alt))?\b)"
)
AGE = rf"(?P<age>{N}{_HALF}?(?:{UNIT}|{_NOT_AGE}))"
"""An age as people write it, with or without its unit."""

FULL_AGE = rf"(?P<age>{N}{_HALF}?{UNIT})"
"""An age with its unit: only that can stand without a sign of a person before it."""

AGES_WITH_UNIT = rf"(?:{AGE}(?:, | y | et | und | e )){{0,3}}{FULL_AGE}"
"""The same, the last one with its unit: where nothing else says that a number is an age."""

SHORT_UNIT = regex.compile(r"mo|mth|w(?:ee)?k|day|mes|mois|sem|día|jour|Monat|Woche", regex.I)
"""A unit shorter than a year: who is so old is a child, whatever the number."""

AGES = rf"{AGE}(?:(?:,? and |,? & |, ?|/| or | y | et | und | e ){AGE}){{0,5}}"
"""One age or several."""

ALMOST = (
    r"(?:(?:now|just|only|almost|nearly|about|around|barely|already|still|like|all of|going on"
    r"|about to be|about to turn|going to be|gonna be|not even|not yet|approximately|recently"
    r"|apenas|casi|ya|solo|sólo|presque|déjà|seulement|fast|erst|schon|gerade|jetzt)\s)"
)
BE = (
    r"(?:\s(?:is|was|are|were|am|will be|turns?|turned|turning|is turning"
    r"|are turning|has turned"
    r"|have turned|has just turned|just turned|hit|be|being|iz)"
    r"|'s(?: turning| about to turn| gonna be)?|'re|'m|'ll be|'ll turn"
    r"|s\b(?=\s(?:\d|only|almost)))"
)
AFTER_AGE = (
    r"(?=\s*(?:[.,!?;:)\n](?!\d)|$|-\s|\s-)|\s(?:and|now|today|tomorrow|but|so"
    r"|who|with|on|next|this|in"
    r"|years?|going|already|too|when|which|or|if|then|at|he|she|his|her|they|we|i|because|years"
    r"|y|et|und|el|la|le|(?:mon|tues|wednes|thurs|fri|satur|sun)day|samedi|mañana|hoy|morgen|heute|est|ist|vit|sera|last|n"
    r"|yesterday|a|&)\b)"
)
"""What follows an age that has no unit: no noun that would be counted by it."""

CHILD_WORD = (
    r"(?:(?:step|grand|god|great-grand|half-|half )?(?:sons?|daughters?|child(?:ren)?|kids?"
    r"|kiddos?|boys?|girls?|babies|baby|brother|sister|bro"
    r"|siblings?)(?!-in-law)|kiddies|niece|nephew|nieces"
    r"|nephews|(?:\w+[ -])?graders?|toddlers?|infants?"
    r"|newborns?|twins|triplets|teens?|teenagers?|preschoolers?"
    r"|preteen|tween|(?:little|lil) (?:one|ones|guy|guys|girl|girls|boy|boys"
    r"|man|dude|lady|princess)"
    r"|kindergart(?:e)?ners?|youngest|oldest|eldest|middle one|big one|minor child|minor"
    r"|munchkin|foster (?:son|daughter|child|kid)|ward|hij[oa]s?|niet[oa]s?|niñ[oa]s?|bebés?"
    r"|sobrin[oa]s?|hijit[oa]s?|nen[ea]s?|mellizos|mellizas|gemelos|gemelas|ahijad[oa]"
    r"|fils|filles?|fillettes?|enfants?|petits?[- ]fils|petites?[- ]filles?"
    r"|bébés?|garçons?|neveux?|nièces?"
    r"|jumeaux|jumelles|filleule?|gamins?|petits?|petite|Sohn(?:es)?|Söhne"
    r"|Söhnen|Tochter|Töchter"
    r"|Kind(?:es|er|ern)?|Enkel(?:in|kind|s|sohn|tochter)?|Baby|Zwillinge"
    r"|Neffen?|Nichte|Kleiner?"
    r"|Junge|Jungs|Mädchen|Säugling|filh[oa]s?|net[oa]s?|criança|menin[oa]s?)"
)
"""A word for a child."""

LIKE_A_CHILD = (
    r"(?:(?:step|grand|god)?(?:son|daughter)|grandchild|grandkid|niece|nephew|toddler|newborn"
    r"|twins|triplets|goddaughter|godson|foster (?:son|daughter|child)|hij[oa]|niet[oa]"
    r"|fils|fille|Sohn|Tochter)"
)
WHOSE = (
    r"(?:my|our|his|her|their|your|whose|the|a|an|this|these|me and my"
    r"|one of my|both|mi|mis|nuestr[oa]s?|su|sus|el|la|los"
    r"|las|un|una|tu|mon|ma|mes|notre|nos|son|sa|ses|leur|leurs|le|les|une|votre|"
    r"(?:mein|unser|dein|sein|ihr|euer|eur|ein)(?:e[nrms]?)?|der|die|das|den"
    r"|dem|meus?|minhas?|noss[oa]s?|(?-i:\p{Lu})[\p{L}-]{1,20}'s)"
)
POSSESSED = (
    r"(?:my|our|his|her|their|your|whose|mi|mis|nuestr[oa]s?|su|sus|mon|ma|mes"
    r"|notre|nos|son|sa|ses"
    r"|(?:mein|unser|sein|ihr)(?:e[nrms]?)?|meus?|minhas?|noss[oa]s?)"
)
"""Whose child: a possessive that says there is a family."""

ADJECTIVE = (
    r"(?:(?:own|little|lil|baby|young(?:er|est)?|old(?:er|est)?|elder|eldest|middle|only|other"
    r"|first|second|third|two|three|four|five|six|both|[2-6]|sweet|dear"
    r"|wonderful|new|adopted|foster|step"
    r"|twin|teen|teenage[d]?|small|tiny|beautiful|poor|sick|minor|half|kid"
    r"|crazy|school[- ]age[d]?"
    r"|youngest|disabled|autistic|pequeñ[oa]s?|dos|tres|petite?s?|jeunes?|deux"
    r"|trois|kleine[nrms]?|zwei|drei|jüngste[rn]?"
    r"|älteste[rn]?)[ ,-]{1,2})"
)
_KIND = rf"{ADJECTIVE}{{0,3}}(?P<kin>{CHILD_WORD})"
KIN = rf"(?<![\w-]){WHOSE}\s(?:{FULL_AGE.replace('?P<age>', '?P<age>')}[ ,-]{{1,2}})?{_KIND}"
"""A child by kinship, its age perhaps between: "our four-year-old daughter"."""

PERSON_WORD = (
    r"(?:wife|husband|partner|spouse|mother|mom|mum|mama|father|dad|papa"
    r"|brother|sister|cousin|aunt|uncle"
    r"|grandmother|grandfather|grandma|grandpa|granny|nana|gran|friend"
    r"|neighbou?r|tenant|roommate|man|woman"
    r"|lady|guy|gentleman|person|patient|student|pupil|resident|camper|player"
    r"|scout|helper|sitter"
    r"|babysitter|nanny|au pair|in-law|mother-in-law|father-in-law|son-in-law"
    r"|daughter-in-law|male|female|widow|caretaker"
    r"|madre|padre|abuel[oa]|espos[oa]|marido|mère|père|grand-mère|grand-père"
    r"|mari|femme|Mutter|Vater|Oma|Opa"
    r"|Frau|Mann|voisine?|vecin[oa]|mãe|pai|avó|avô)"
)
"""A word for somebody of unknown age."""

THING = (
    r"(?:boiler|furnace|heater|units?|systems?|house|homes?|buildings?|roof"
    r"|pipes?|pipework|tanks?|a/?c"
    r"|conditioner|condenser|compressor|pumps?|equipment|appliances?|cars?"
    r"|trucks?|vans?|warranty|property"
    r"|wiring|septic|toilets?|faucets?|dishwasher|washer|dryer|fridge"
    r"|refrigerator|freezer|oven|stove"
    r"|machine|models?|contract|plan|account|company|business|firm|lease|loan"
    r"|mortgage|bolts?|panel"
    r"|generator|water|hvac|kitchen|deck|fence|well|sewer|lines?|valves?"
    r"|thermostat|installation"
    r"|garage|carpet|floors?|tiles?|paint|windows?|doors?|locks?|sofa|couch"
    r"|mattress|bed|tree|trees|hedge|dog|cat|puppy|kitten"
    r"|horse|whisk(?:e)?y|scotch|wine|rule|deal|bond|note|notes|period|term"
    r"|policy|agreement|average|history|study|problem"
    r"|issue|leak|quote|invoice|laptop|computer|server|software|code|phone|system's"
    r"|casas?|calderas?|bombas?|empresa|equipo|techo|garantía|maison|chaudière|toit|entreprise"
    r"|garantie|pompe|Haus|Heizung|Anlage|Pumpe|Wohnung|Dach|Kessel|Therme|Firma|Ventil|Bad)"
)
"""What may be some years old and is no child."""

_LISTED_1 = """
    american aquor bosch bradford brother bryant buderus carrier daikin delta dell elkay
    fluidmaster frigidaire generac goodman grohe grundfos honda honeywell ideal
    insinkerator ikea kenmore kohler lennox lg maytag miele milwaukee mitsubishi moen
    navien nest noritz panasonic peerless pfister rheem rinnai ruud samsung schlage
    sharkbite siemens sloan slantfin sony square takagi taco toto trane vaillant viessmann
    viking watts weil-mclain whirlpool worcester york zoeller zurn yale toyota ford model
    makita dewalt stihl carrera hudson street unit apartment apt suite floor room building
    lot zone phase step item line table figure section chapter page day week version part
    level hole route highway exit gate terminal grade class tier form box bay bin aisle
    row option quote
"""
BRANDS = frozenset(_LISTED_1.split())
"""Capitalised words before a number or after "5-year-old" that name no child."""

PRONOUN = (
    r"(?P<pronoun>\b(?:he|she|who|they|both|each|él|ella|il|elle|er|sie|ele"
    r"|ela)\b|\bhe(?=s\s\d)|\bshe(?=s\s\d))"
)

NAMES_1 = rf"(?:(?:baby|little|lil'?|big|our|and|bébé)\s)?(?P<names>{_NAME})"
_ITEM_AGE = (
    rf"(?:\s?[(\[](?:ages?:?\s|aged\s|he's\s|she's\s|is\s)?{ALMOST}?{AGE}[)\]]"
    rf"|,?\s(?:ages?|aged)\s{AGE}"
    rf"|\s?(?:-|:)\s?{AGE}(?=[,.;)\n](?!\d)|\s(?:and|y|et|und)\b|$)"
    rf"|,\s(?:who(?:'s| is)\s)?{ALMOST}?{AGE}(?=[,.;:)!?\n](?!\d)|\s(?:and|y|et"
    rf"|und|is|est|ist|will|has)\b|\s-|$)"
    rf"|\s(?P<age>(?P<n>\d{{1,2}}))(?=[,.;)\n](?!\d)|\s(?:and|y|et|und)\s\p{{Lu}}|$))"
)
_ITEM = rf"{NAMES_1}{_ITEM_AGE}?"
NAMES = rf"{_ITEM}(?:(?:,? and |, ?| & | ?/ ?|,? or | y | et | und | e ){_ITEM}){{0,6}}"
"""One name or several, each perhaps with its age."""

NAME_OF = r"(?:(?:'s)?\s(?:full\s|first\s)?names?(?:\s(?:is|are)|:)\s?)"


@dataclass(frozen=True, slots=True)
class Row:
    """One rule about children.

    The groups of the pattern say what it finds: `names` are children's; `n` a number that
    is an age, `unit` and `age` around it; groups named after a label are stretches of it;
    `me` is the writer, `pronoun` somebody named before; `kin` a word for a child.

    Attributes:
        name: Unique, for tests and counts.
        wake: Words one of which a text must have for the pattern to be tried, in small
            letters; "0" stands for any number. None: always.
        source: The pattern, in the syntax of the `regex` package.
        sure: Whether names found are a child's even if a header has the name.
        child_near: Whether it counts only where the sentence speaks of a child.
    """

    name: str
    wake: frozenset[str] | None
    source: str
    sure: bool = False
    child_near: bool = False

    @property
    def pattern(self) -> regex.Pattern[str]:
        """The pattern, compiled when it is first asked for: most mails wake few rows."""
        return _compiled(self.source)


@cache
def _compiled(source: str) -> regex.Pattern[str]:
    return regex.compile(source, regex.MULTILINE | regex.IGNORECASE)


WAKING: set[str] = set()
"""All words that wake a row; filled as the rows are made."""


def row(
    name: str,
    wake: str | frozenset[str],
    pattern: str,
    *,
    sure: bool = False,
    child_near: bool = False,
) -> Row:
    """Return the rule with its waking words split."""
    words = frozenset(wake.split()) if isinstance(wake, str) else wake
    WAKING.update(words)
    return Row(name, words or None, pattern, sure, child_near)


_LISTED_2 = """
    lil
    son sons daughter daughters child children kid kids kiddo kiddos boy boys girl girls
    baby babies stepson stepdaughter grandson grandsons granddaughter granddaughters
    grandchild grandchildren grandkid grandkids godson goddaughter niece nephew nieces
    nephews brother sister siblings sibling toddler toddlers infant infants newborn
    newborns twins triplets teen teens teenager teenagers preschooler tween little
    youngest oldest eldest minor minors ward hijo hija hijos hijas hijito hijita nieto
    nieta nietos nietas niño niña niños niñas bebé bebe sobrino sobrina nene nena gemelos
    mellizos ahijado ahijada fils fille filles fillette enfant enfants bébé garçon garçons
    neveu nièce jumeaux jumelles filleul filleule petit petite sohn söhne sohnes tochter
    töchter unser unsere unserem unseren mein meine meinem meinen kinder kindern kindes
    enkel enkelin enkelkind zwillinge neffe nichte junge mädchen filho filha filhos filhas
    neto neta criança menino menina kindergartner kindergartener kindergarteners stepchild
    stepchildren bro middle stepkids munchkin kleine kleiner
"""
CHILD_WAKE = frozenset(_LISTED_2.split())
"""The words above as tokens of a text."""

AGE_WAKE = NUMBER_WORDS | {"0", "turns", "turned", "turning"}
"""Numbers that may be ages, and what says so where the number is "one"."""

_LISTED_3 = """
    lil academy prep freshman infant cumple cumplen tiene elle
    son kindergarten preschool preschooler daycare grader graders grade kindergartner
    homework pediatrician paediatrician pediatric recital custody guardian guardians
    guardianship visitation babysitter sitter babysitting nanny babysit scouts scout troop
    camp soccer tryouts gymnastics ballet softball lacrosse hockey baseball volleyball
    karate coach coaches coaching swim swims orthodontist birthday bday born dob birth
    mitzvah quinceañera quinceanera communion christening baptism baptized christened
    sophomore freshman junior homeroom gcses gcse regents elementary school crib nursery
    playdate stroller diapers potty teething tooth detention pupil student camper foster
    fostering adopted adopting adoption squad braces sixteen teacher teachers
    league strep croup asthma asthmatic autism autistic adhd eczema epipen
    inhaler naps tooth mom mum dad mommy daddy newborn preemie toddler old yo aged ages
    age juvenile underage yrs lbs oz youngest oldest eldest brownies webelos u5 u6
    u7 u8 u9 u10 u11 u12 u13 u14 u15 u16 u17 u18 8u 9u 10u 11u 12u 13u 14u 15u 16u jv
    piano violin cheer cheerleading años anos meses tengo cumple cumplió ans mois jahre
    jahren monate kita klasse grundschule gymnasium schule elternabend sorgerecht
    geburtsdatum geb geboren nacimiento nació nacio naissance née né crèche école lycée
    collège maternelle ce1 ce2 cm1 cm2 cp colegio escuela guardería primaria secundaria
    tutor tutora tutrice tuteur vormund custodia garde bautizo comunión baptême taufe
    kommunion alumno alumna élève schüler schülerin jährige jährigen jähriger equipo
    fútbol juega joue spielt ceip ies escola creche quince recién nouveau neugeborenes
    terminale garderie año unser unsere reception bronquiolitis petit petite
"""
CORE = (
    CHILD_WAKE
    - {
        "middle",
        "minor",
        "minors",
        "little",
        "oldest",
        "youngest",
        "eldest",
        "petit",
        "petite",
        "son",
    }
) | frozenset(_LISTED_3.split())
"""Words without which, and without a likely age, a text is not read for children at all."""
WAKING.update(CORE)
