"""Ages as people state them, each with the person it belongs to."""

from __future__ import annotations

from anonymizer.text.minor_words import (
    ADJECTIVE,
    AFTER_AGE,
    AGE,
    AGE_WAKE,
    AGES,
    AGES_WITH_UNIT,
    ALMOST,
    BE,
    CHILD_WAKE,
    CHILD_WORD,
    FULL_AGE,
    NAMES,
    NAMES_1,
    PERSON_WORD,
    POSSESSED,
    PRONOUN,
    WHOSE,
    N,
    Row,
    row,
)

_OLD = (
    r"(?P<age>(?P<n>\d{1,3}|\b[a-zé]{3,9}teen|\b(?:one|two|three|four|five|six"
    r"|seven|eight|nine|ten|eleven"
    r"|twelve))(?:\.5|\s?1/2|\s?½|(?:-| )and(?:-| )a(?:-"
    r"| )half)?(?P<unit>[ -]{0,2}(?:years?|yrs?|months?|mos?|mths?|weeks?|wks?"
    r"|days?)\.?[ -]olds?"
    r"|[ -]?y[./]?o[s.]?))"
)
_PERSON_AFTER = (
    rf"(?=,?\s(?:{ADJECTIVE}{{0,2}}(?:{CHILD_WORD}|{PERSON_WORD})\b)|'s\s(?!old)|s'\s)"
)
_DOES = (
    r"(?=\s*(?:[,;:!?)]|\.(?!\d)|$)|\s(?:and|who|is|was|has|had|will|would"
    r"|needs?|loves?|wants?|can|can't|cant"
    r"|cannot|could|got|gets|goes|going|plays?|played|just|at|in|with|home"
    r"|asleep|naps?|sleeps?|sleeping|likes?|hates?|came|says?"
    r"|said|named|called|to|put|pulled|flushed|dropped|threw|locked|broke|ran"
    r"|fell|climbs?|climbed|turned|opens?|opened|loves|tried|keeps|kept"
    r"|hit|cut|stuck|stuffed|jammed|poured|left|walks?|crawls?|eats?|took|takes"
    r"|decided|managed|thinks|thought|knocked|touches|"
    r"touched|tripped|bit|swallowed|shoved|stepped|pushed|rides?|won't|doesn't"
    r"|didn't|does|did|may|might|should|on|here|around|running|for)\b)"
)
_THING_DOES = (
    r"(?!\s(?:(?:is|was|has|had|just|keeps|and|that|which|will|needs"
    r"|now)\s)?(?:been\s)?(?:leak\w*|leaks|rust\w*|drip\w*|fail\w*|worn|broken"
    r"|out of|under warranty"
    r"|need(?:s|ing)? (?:replac|repair|a new|to be replaced)\w*|replac\w*|dying"
    r"|died|die|working fine|installed|serviced"
    r"|corroded|made by|rated|still under|in good (?:shape|condition)|due for"
    r"|running (?:rough|hot|loud))\b)"
)

ENGLISH: tuple[Row, ...] = (
    row(
        "age before a name",
        AGE_WAKE,
        rf"\b(?:my|our|his|her|their|the|and|,)\s{_OLD}(?:,? (?:named|called) |,? "
        rf"|, ){NAMES_1}(?!\s(?-i:\p{{Lu}}))",
    ),
    row("age before a person", AGE_WAKE, rf"{_OLD}{_PERSON_AFTER}"),
    row(
        "age for a person",
        AGE_WAKE,
        rf"\b(?:my|our|his|her|their|(?:with|have|got|has|had|and|for|by|from|to|of"
        rf"|is|was|as|about) an?|whose|both|the two|my own|only my"
        rf"|single)\s{_OLD}{_DOES}{_THING_DOES}",
    ),
    row(
        "the so old who",
        AGE_WAKE,
        rf"\bthe\s{_OLD}\s(?:who|next door|upstairs|downstairs|across the)\b",
    ),
    row(
        "three year old without old",
        AGE_WAKE,
        r"\b(?:my|our)\s(?P<age>(?P<n>\d{1,2}|two|three|four|five|six|seven|eight"
        r"|nine)\s(?:year|yr)(?:\sold)?)\s(?:flushed|put|dropped|threw|broke|locked"
        r"|stuck|pulled)\b",
    ),
    row(
        "name is so old",
        AGE_WAKE,
        rf"(?<![\w-]){NAMES}(?:,? who)?,?{BE}\s{ALMOST}{{0,2}}(?:an?\s)?{AGES}{AFTER_AGE}",
    ),
    row(
        "name, so old",
        AGE_WAKE,
        rf"(?<![\w-]){NAMES_1}(?:\s?[(\[](?:ages?:?\s|aged\s|he's\s|she's\s|is\s"
        rf"|soon\s|turning\s|almost\s)?{AGE}[)\]]"
        rf"|,?\s[(\[]?(?:ages?|aged):?\s{ALMOST}?{AGE}|,\s(?:who(?:'s"
        rf"| is)\s)?{ALMOST}?{AGE}(?=,\s|[.;)\n](?!\d)|$|\s-|\s(?:and|will|has"
        rf"|is)\b))",
    ),
    row(
        "names, ages",
        AGE_WAKE,
        rf"(?<![\w-]){NAMES}\s?,?\s?[(\[]?(?:both\s)?(?:ages?|aged):?\s{ALMOST}?{AGES}",
    ),
    row(
        "child is so old",
        AGE_WAKE,
        rf"(?<![\w-]){WHOSE}\s{ADJECTIVE}{{0,3}}(?P<kin>{CHILD_WORD})(?:,? who"
        rf"|,? {NAMES_1},?)?(?:,?{BE}\s|,\s|\s?[(\[]|\s?-\s)(?:ages?:?\s"
        rf"|aged\s)?{ALMOST}{{0,2}}{AGES}(?:(?=[)\]])|{AFTER_AGE})",
    ),
    row(
        "children with ages",
        AGE_WAKE,
        rf"\b(?P<kin>{CHILD_WORD})(?:\s?[,(\[:-]{{0,2}}\s?(?:(?:both|all|are|is"
        rf"|who are|who is|of|at)\s)?(?:ages?|aged)(?: of)?:?\s|\s[(\[]"
        rf"|\sof\s){ALMOST}?{AGES}(?!\s(?:to|and|or)\s(?:up|over|older|under|above"
        rf"|below))(?:(?=[)\]])|{AFTER_AGE}|(?<=old))",
    ),
    row(
        "person is so old",
        AGE_WAKE,
        rf"\b{WHOSE}\s(?:\w+\s)?(?:{PERSON_WORD})(?:,? who|,? {NAMES_1},?)?(?:{BE}\s"
        rf"|,\s|\s?[(\[])(?:ages?:?\s|aged\s)?{ALMOST}{{0,2}}{AGES}(?:(?=[)\]])"
        rf"|{AFTER_AGE})",
    ),
    row(
        "they are so old",
        AGE_WAKE,
        rf"{PRONOUN}{BE}\s{ALMOST}{{0,2}}(?:ages?\s|aged\s)?{AGES}{AFTER_AGE}",
    ),
    row(
        "they just turned",
        AGE_WAKE,
        rf"{PRONOUN}(?:'s|'ll| will| just| recently| has| is|'s just| is about to"
        rf"| finally){{0,2}}\s(?:turn(?:s|ed|ing)?|be)\s{ALMOST}?{AGE}{AFTER_AGE}",
    ),
    row("they are years old", AGE_WAKE, rf"{PRONOUN}(?:{BE})\s{ALMOST}{{0,2}}{FULL_AGE}"),
    row(
        "I am so old",
        AGE_WAKE,
        rf"(?P<me>\b(?:i'?m|i am|i(?: just| only)? turn(?:ed)?|i'll be(?: turning)?"
        rf"|i will be|me being))\s{ALMOST}{{0,2}}(?:a\s)?(?:ages?\s)?(?:{FULL_AGE}"
        rf"|{AGE}{AFTER_AGE})",
    ),
    row(
        "name, kin, age",
        CHILD_WAKE,
        rf"(?<![\w-]){NAMES_1},?\s[(\[]?(?:my\s"
        rf"|our\s)?(?:\w+\s)?(?P<kin>{CHILD_WORD})[,:]?\s[(\[]?(?:ages?\s"
        rf"|aged\s)?{AGE}(?=\s*(?:[,;.)\]\n]|$))",
    ),
    row("a minor of", AGE_WAKE, rf"\b(?:minor|juvenile|underage|camper|pupil)s?,\s{AGE}"),
    row(
        "age in a form",
        AGE_WAKE,
        rf"\b(?:child|son|daughter|student|camper|player|pupil|kid|patient|minor"
        rf"|baby|infant)'?s?'?\s(?:current\s)?age(?:\sis|:|\s=)?\s{{0,2}}{AGES}",
    ),
    row(
        "age line",
        AGE_WAKE,
        rf"^[ \t>*-]*age(?:s|d)?(?: of (?:child|camper|player|student|patient"
        rf"|applicant|kids|children|occupants?))?[ \t]*[:=][ \t]*{AGES}(?=\s*(?:$"
        rf"|[,;]))",
    ),
    row(
        "so many-th birthday",
        AGE_WAKE | {"birthday", "bday"},
        rf"(?:(?<![\w-]){NAMES_1}'s?\s"
        rf"|\b{POSSESSED}\s(?:{ADJECTIVE}{{0,2}}{CHILD_WORD}'s\s)?)(?P<age>(?P<ordina"
        rf"l>\d{{1,2}}(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh"
        rf"|eighth|ninth|tenth|eleventh|twelfth|thirteenth|sweet sixteen|sixteenth"
        rf"|1st)\s(?:birthday|b-?day))\b",
    ),
    row(
        "a name sweet sixteen",
        "sixteen quinceañera quinceanera quince",
        rf"(?<![\w-]){NAMES_1}'s?\s(?P<AGE>(?:sweet sixteen|sweet 16|quincea[ñn]era"
        rf"|quince a[ñn]os|quince))\b",
    ),
    row(
        "quinceañera",
        "quinceañera quinceanera quinceañeras",
        r"(?P<AGE>\b(?:fiesta de )?quincea[ñn]era\b)(?:\s(?:de|for|of)\s" + NAMES_1 + ")?",
    ),
    row(
        "weeks old",
        AGE_WAKE | {"weeks", "months", "week", "month"},
        rf"\b(?:infant|newborn|preemie|baby)\b[^.!?\n]{{0,60}}?\b(?P<age>{N}\s(?:days?|weeks?|wks|months?|mos)\sold)\b(?!\s\w+er\b)",
    ),
    row(
        "newborn",
        "newborn preemie newborns",
        r"\b(?:a|our|my|their)\s(?:new\s)?(?P<AGE>newborn|preemie"
        r"|premature baby)\b(?=[^\w\s]|\s?$|\s(?:and|who|in|at|baby|son|daughter|girl"
        r"|boy|twins|with|so|here|home|is|too|upstairs|sleeping|coming|due|needs|has|to)\b|'s)",
    ),
)

_ALTER = (
    r"(?P<age>(?P<n>\d{1,2}|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf"
    r"|zwölf|dreizehn|vierzehn|fünfzehn|sechzehn|siebzehn)-?\s?jährige[nrms]?)"
)

SPANISH: tuple[Row, ...] = (
    row(
        "tiene años",
        "años meses anos mes cumple cumplen cumplió cumplir cumplirá tienen",
        rf"(?<![\w-])(?:{WHOSE}\s{ADJECTIVE}{{0,2}}(?P<kin>{CHILD_WORD}"
        rf"|{PERSON_WORD}),?\s(?:{NAMES_1},?\s)?|{NAMES},?\s|\b(?P<pronoun>él"
        rf"|ella)\s)"
        rf"(?:sólo |solo |apenas |ya )?(?:(?:tienen?|tem"
        rf"|têm)\s{ALMOST}?{AGES_WITH_UNIT}|(?:cumplen?|cumplió|cumplirá"
        rf"|va a cumplir)\s{AGES})",
    ),
    row(
        "y tiene",
        "tiene cumple cumplirá tem",
        rf"\b(?:tiene|cumple|cumplirá|tem)\s{ALMOST}?{AGE}(?=\s*(?:[.,;!?)]|$)|\s(?:el|y|en)\b)",
        child_near=True,
    ),
    row(
        "de años",
        "años meses anos mes",
        rf"(?<![\w-])(?:{WHOSE}\s{ADJECTIVE}{{0,2}}(?P<kin>{CHILD_WORD}"
        rf"|{PERSON_WORD}),?\s(?:{NAMES_1},?\s)?|{NAMES},?\s)\(?(?:de\s|que tiene\s"
        rf"|con\s)?{AGES_WITH_UNIT}",
    ),
    row(
        "recién nacido",
        "recién nacido nacida né née neugeborene neugeborenes neugeborenen",
        r"\b(?:un|una|mi|nuestr[oa]|une?|mon|ma|notre|ein"
        r"|unser)\s(?P<AGE>(?:bebé )?recién nacid[oa]|nouveau-née?"
        r"|Neugeborene[ns]?)\b",
    ),
    row(
        "los quince de",
        "quince xv",
        rf"\b(?P<AGE>quince|XV)\saños\s(?:de\s)(?:mi\s(?:\w+\s)?{CHILD_WORD}\s)?{NAMES_1}",
    ),
    row(
        "tengo años",
        "tengo",
        rf"(?P<me>\btengo)\s{ALMOST}?(?P<age>{AGE.replace('(?P<age>', '(?:')})(?<=años|anos)",
    ),
    row(
        "niños de edades",
        AGE_WAKE,
        rf"\b(?:niñ[oa]s|hij[oa]s|niet[oa]s)\s?[(,]?\s?(?:de\s)?{AGES}(?=\)|\saños)",
    ),
)

FRENCH: tuple[Row, ...] = (
    row(
        "a ans",
        "ans mois",
        rf"(?<![\w-])(?:{WHOSE}\s{ADJECTIVE}{{0,2}}(?P<kin>{CHILD_WORD}"
        rf"|{PERSON_WORD}),?\s(?:{NAMES_1},?\s)?|{NAMES},?\s|\b(?P<pronoun>il|elle"
        rf"|ils|elles)\s)(?:qui\s)?"
        rf"(?:a|ont|aura|fête(?:ra)?\s(?:ses|son)|vient d'avoir|n'a que"
        rf"|aura bientôt)\s{ALMOST}?{AGES_WITH_UNIT}",
    ),
    row(
        "de ans",
        "ans mois",
        rf"(?<![\w-])(?:{WHOSE}\s{ADJECTIVE}{{0,2}}(?P<kin>{CHILD_WORD}"
        rf"|{PERSON_WORD}),?\s(?:{NAMES_1},?\s)?|{NAMES},?\s)\(?(?:de\s"
        rf"|âgée?s?\sde\s)?{AGES_WITH_UNIT}",
    ),
    row(
        "j'ai ans",
        "ai",
        rf"(?P<me>\bj'ai)\s{ALMOST}?{FULL_AGE}(?<=ans)(?!\sd'expérience|\sde\s)",
    ),
)

GERMAN: tuple[Row, ...] = (
    row(
        "ist alt",
        "ist sind wird werden wurde",
        rf"(?<![\w-])(?:{WHOSE}\s{ADJECTIVE}{{0,2}}(?P<kin>{CHILD_WORD}"
        rf"|{PERSON_WORD}),?\s(?:{NAMES_1},?\s)?|{NAMES},?\s|(?P<pronoun>\b(?:er"
        rf"|sie))\s)"
        rf"(?:ist|sind|wird|werden|wurde)\s{ALMOST}{{0,2}}{AGES}(?:{AFTER_AGE}|(?<=alt))",
    ),
    row(
        "Jahre",
        "jahre jahren monate monaten wochen",
        rf"(?<![\w-])(?:{WHOSE}\s{ADJECTIVE}{{0,2}}(?P<kin>{CHILD_WORD}"
        rf"|{PERSON_WORD}),?\s(?:{NAMES_1},?\s)?|{NAMES},?\s)\(?{AGES_WITH_UNIT}",
    ),
    row("ich bin", "ich", rf"(?P<me>\bich bin)\s{ALMOST}?(?:{FULL_AGE}|{AGE}{AFTER_AGE})"),
    row("jährig", "", rf"{_ALTER}\s{ADJECTIVE}{{0,2}}(?P<kin>{CHILD_WORD})(?:,?\s{NAMES_1})?"),
)

ROWS: tuple[Row, ...] = ENGLISH + SPANISH + FRENCH + GERMAN
