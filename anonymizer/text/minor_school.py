"""Schools, grades and years of school, each with the child who goes there."""

from __future__ import annotations

from anonymizer.text.minor_school_names import SCHOOL_NAME
from anonymizer.text.minor_words import (
    ADJECTIVE,
    CHILD_WORD,
    NAMES,
    NAMES_1,
    WHOSE,
    Row,
    row,
)

_ORDINAL = (
    r"(?:1st|2nd|3rd|[4-9]th|1[0-2]th|first|second|third|fourth|fifth|sixth"
    r"|seventh|eighth|ninth|tenth|eleventh|twelfth)"
)
_GRADE_NUMBER = (
    r"(?:[1-9]\b|1[0-3]\b|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
)
_NOT_HARDWARE = (
    r"(?![- ](?:bolts?|screws?|steel|nuts?|washers?|hardware|stainless|lumber"
    r"|fasteners?|studs?|pipes?|material|wood|oak|plywood"
    r"|concrete|beam|stakes?|filter|fuel|paint|tiles?|quality|teacher"
    r"|class trip|fittings?|maintenance|visit|warranty|of the|of our|of service"
    r"|contract))"
)
_GRADER = (
    rf"(?:{_ORDINAL}[ -]?graders?|kindergart(?:e)?ners?|pre-?schoolers?"
    rf"|pre-?k(?:er)?s?|year (?:\d{{1,2}}|one|two|three|four|five|six) pupils?)"
)
_YEAR = (
    rf"(?:(?:the )?{_ORDINAL}(?:[ -]grade|\s(?=grade\b)){_NOT_HARDWARE}"
    rf"|grades?\s{_GRADE_NUMBER}{_NOT_HARDWARE}(?:(?:,| and"
    rf"| &)\s{_GRADE_NUMBER})?|(?-i:Year|year|Yr|Y)\s?(?:[1-9]"
    rf"|1[0-3])\b{_NOT_HARDWARE}"
    r"|kindergarten|pre-?k\b|TK\b|pre-?school|nursery school|day ?care"
    r"|reception(?: class)?|sixth form|elementary school"
    r"|elementary(?=\s?(?:[.,;!?)]|$|and\b|at\b|now\b|this\b|next\b))"
    r"|middle school"
    r"|primary school|primary(?=\s?(?:[.,;!?)]|$|and\b|at\b|now\b))"
    r"|secondary school|junior high|high school|grade school|kinder|(?-i:P[1-7]"
    r"|S[1-6]|K[1-2])\b|JK\b|SK\b|homeschool\w*|(?:the )?toddler room"
    r"|nursery class|infants class)"
)
_STANDING = (
    r"(?:rising |incoming |high school )?(?:freshman|sophomore|junior"
    r"|senior)(?! (?:plumb|tech|part|account|manag|engin|citizen|buyer|sales"
    r"|designer|associate|developer|editor|admin|staff|high))"
)
_STANDING_ALONE = (
    r"(?:rising |incoming |high school )?(?:freshman|sophomore)|(?:rising "
    r"|high school )(?:junior|senior)|(?:junior|senior)(?=\s(?:in"
    r"|at)\s(?:high school|(?-i:\p{Lu})))"
)
_NOT_COLLEGE = (
    r"(?!\s(?:year\s)?(?:in|at|of)\s(?:college|univ|the univ|\w+ (?:College|University|State)))"
)
_NO_COMPANY = r"(?!\s(?:district|board|supply|needs|wants|is a customer|bus company))"
_PLACE = (
    rf"(?P<SCHOOL>{SCHOOL_NAME}|(?-i:\p{{Lu}}[\p{{L}}'.-]+(?:\s(?:of\s|the\s|&\s"
    rf"|de\s|la\s)?\p{{Lu}}[\p{{L}}'.-]*){{0,4}}))(?!\s(?:Street|St|Avenue|Road"
    rf"|Station|Mall|Plumbing|Hardware|Supply|Home Depot)\b)"
)
_AT = rf"(?:\s(?:at|of|from)\s(?:the\s)?{_PLACE})?"

_LISTED_1 = """
    grade grades grader graders kindergarten kindergartner kindergartners kindergartener
    preschool preschooler prek pre k tk daycare day nursery reception elementary primary
    middle junior high freshman sophomore senior school schools year yr sixth form gcses
    gcse regents sat sats homeroom homeschooled homeschool kinder y1 y2 y3 y4 y5 y6 y7 y8
    y9 y10 y11 y12 y13 p1 p2 p3 p4 p5 p6 p7 s1 s2 s3 s4 jk sk pupil student toddler
"""
_SCHOOL_WAKE = frozenset(_LISTED_1.split())
_BE_IN = (
    r"(?:(?:'s| is| was| are| were|'re| just| has| have| will|'ll| be| now"
    r"| gone| going| only| about| all| both| currently| finally| already| still"
    r"| also| each| will be){0,4}"
    r"\s(?:in|into|to|starts?(?: in)?|starting|started|entering|enters?|entered"
    r"|finish(?:es|ing|ed)?|finished|begins?|beginning|repeats?|repeating"
    r"|attends?|goes to|going to|go to|graduates? from|graduating(?: from)?"
    r"|graduated(?: from)?|moves? (?:up )?(?:in)?to|from|has|had|doing"
    r"|completed?|completing|promoted to)\s)"
)

ROWS: tuple[Row, ...] = (
    row(
        "name in a grade",
        _SCHOOL_WAKE,
        rf"(?<![\w-])(?:\b(?P<pronoun>he|she|who|they)\b"
        rf"|{WHOSE}\s{ADJECTIVE}{{0,3}}(?P<kin>{CHILD_WORD})(?:,?\s{NAMES_1},?)?"
        rf"|{NAMES}),?{_BE_IN}(?:(?:the|her|his|a|their|first|second|last"
        rf"|final)\s)?(?P<SCHOOL>{_YEAR}|{_GRADER})(?:,?{_AT})",
    ),
    row(
        "name is a grader",
        _SCHOOL_WAKE,
        rf"(?<![\w-])(?:\b(?P<pronoun>he|she|who|they)\b"
        rf"|{WHOSE}\s{ADJECTIVE}{{0,3}}(?P<kin>{CHILD_WORD})(?:,?\s{NAMES_1},?)?"
        rf"|{NAMES}),?(?:'s| is| was|'re| are| will be|'ll be| being| as)\s(?:only "
        rf"|now |just |still )?(?:an?\s|the\s|in\s)?(?:new\s"
        rf"|rising\s)?(?P<SCHOOL>{_GRADER}|{_STANDING}|(?:high|middle|elementary"
        rf"|grade|primary)[ -]school(?: student|er|ers)?|schoolboy|schoolgirl"
        rf"|honor student){_NOT_COLLEGE}(?:\s(?:in\s(?P<SCHOOL>high school)"
        rf"|at\s(?:the\s)?{_PLACE}))?",
    ),
    row(
        "my grader",
        _SCHOOL_WAKE,
        rf"(?<![\w-]){WHOSE}\s(?:\w+\s)?(?P<SCHOOL>{_GRADER}|(?:high|middle"
        rf"|elementary|grade)[ -]school(?:er)?(?=\s(?:son|daughter|kid|boy|girl))"
        rf"|(?:freshman|sophomore)(?=\s(?:son|daughter|kid|boy"
        rf"|girl)))(?:,?\s(?:son\s|daughter\s|kid\s|named\s)?{NAMES_1})?",
    ),
    row(
        "name, grade",
        _SCHOOL_WAKE,
        rf"(?<![\w-]){NAMES_1}(?:,\s|\s?[(\[]|\s-\s|:\s)(?:in\s|an?\s|now in\s"
        rf"|entering\s|rising\s)?(?:the\s)?(?P<SCHOOL>{_YEAR}|{_GRADER}"
        rf"|{_STANDING_ALONE})(?:,?\s(?:at\s)?{_PLACE})?(?=[,.;)\]\n:]|\s(?:and|is"
        rf"|has|at|will|-)|$)",
    ),
    row(
        "in a grade",
        _SCHOOL_WAKE,
        rf"\b(?:in|into|enter\w*|start\w*|finish\w*|begin\w*|graduat\w* from|\("
        rf"|repeating)\s?(?:the\s)?(?P<SCHOOL>{_YEAR}|{_GRADER})(?:,?{_AT})",
        child_near=True,
    ),
    row(
        "grade alone",
        _SCHOOL_WAKE,
        rf"\b(?P<SCHOOL>{_ORDINAL}[ -]grade(?:rs?)?|kindergarten|preschool|pre-k"
        rf"|day ?care|grades?\s{_GRADE_NUMBER}){_NOT_HARDWARE}",
        child_near=True,
    ),
    row(
        "grade in a form",
        _SCHOOL_WAKE | {"student", "grade"},
        r"\b(?:grade(?: level)?|school year|class(?:room)?|homeroom|form"
        r"|teacher's class)\s?[:=]\s?(?P<SCHOOL>[\w -]{1,16}?)(?=[.;,]|\s*$)",
        child_near=True,
    ),
    row(
        "school in a form",
        "school schools",
        r"\bschool(?: name| attended)?\s?[:=]\s?(?P<SCHOOL>(?-i:\p{Lu})[^\n,;]{2,50})",
        child_near=True,
    ),
    row(
        "homeroom",
        "homeroom classroom",
        rf"(?:(?<![\w-]){NAMES_1}'s?|\b(?:his|her))\s(?:homeroom|classroom"
        rf"|class)\s(?:is|number|no\.?)\s(?P<SCHOOL>[\w-]{{1,6}})",
    ),
    row(
        "I, a pupil",
        _SCHOOL_WAKE,
        rf"(?P<me>\b(?:i'?m|i am|as))\s(?:also\s|currently\s|still\s|just\s"
        rf"|only\s)?(?:a\s|an\s|in\s|in the\s|the\s|going into\s|starting\s"
        rf"|entering\s)?(?P<SCHOOL>{_YEAR}|{_GRADER}"
        rf"|{_STANDING_ALONE})(?!\s(?:teacher|secretary|principal|nurse|parent"
        rf"|janitor|maintenance|office|custodian))(?:\sstudent)?{_NOT_COLLEGE}{_AT}",
    ),
    row(
        "I, a student of a high school",
        "student",
        rf"(?P<me>\b(?:i'?m|i am))\s(?:a\s)(?:\w+\s)?student\s(?:at"
        rf"|of)\s(?P<SCHOOL>{SCHOOL_NAME})",
    ),
    row(
        "rising senior",
        "rising incoming",
        rf"(?P<SCHOOL>\b(?:rising|incoming)\s(?:high[- ]school\s)?(?:freshman"
        rf"|sophomore|junior|senior))(?:\sat\s(?:the\s)?{_PLACE})?",
    ),
    row(
        "exams",
        "gcses gcse regents sats levels psat honor"
        " detention report report conference pta field spelling homework science",
        rf"(?:(?<![\w-]){NAMES_1}|\b(?P<kin>{CHILD_WORD})|\b(?P<pronoun>he"
        rf"|she))(?:'s)?\s(?:is\s|has\s|will\s|be\s|was\s)*(?:sitting|taking|sits"
        rf"|takes|has|studying for|doing|did|made)\s(?:his\s|her\s|the\s"
        rf"|their\s)?(?P<SCHOOL>GCSEs?|A[- ]levels|Regents|SATs?|PSATs?|mock exams"
        rf"|11[- ]plus|finals|honor roll)\b(?:\sat\s{_PLACE})?",
    ),
    row(
        "at school events",
        "conference report detention homework teacher"
        " pta field spelling science bee recital"
        " graduation tutor tutoring teachers counselor orientation principal back",
        rf"(?<![\w-]){NAMES_1}'s?\s(?:\w+\s)?(?:parent[- ]teacher|parent conference"
        rf"|report card|detention|homework|teacher|field trip|spelling bee"
        rf"|science (?:fair|project)|school|kindergarten|preschool|recital"
        rf"|school play|tutor|graduation|class(?: trip| play)?|IEP|principal"
        rf"|orientation)\b(?:\s(?:conference|night|meeting))?(?:\s(?:is\s)?(?:at"
        rf"|from)\s(?:the\s)?{_PLACE})?",
    ),
    row(
        "conference for",
        "conference teacher",
        rf"\bparent(?:[- ]teacher)?\s(?:conference|meeting|night"
        rf"|evening)\s(?:is\s)?(?:for|about)\s{NAMES_1}(?:\sis)?(?:\sat\s{_PLACE})?",
    ),
    row(
        "the school called",
        "school nurse daycare",
        rf"\b(?:the school|school|the school nurse|day ?care|the daycare|(?:his"
        rf"|her) school|the nurse)\s(?:just\s)?(?:called|phoned|rang|says|said"
        rf"|emailed|texted|is sending|sent)[,;:]?\s(?:that\s|because\s|about\s"
        rf"|home\s|to say\s)?{NAMES_1}",
    ),
    row(
        "from school",
        "school",
        rf"(?<![\w-]){NAMES}\s(?:is|are|will be|gets?|comes?|walks?|was"
        rf"|bikes?)\s(?:\w+\s)?(?:home from|out of|back from|off|at|done with|in|to"
        rf"|home sick from|late for)\sschool\b(?!\s(?:district|board))",
    ),
    row(
        "brings to school",
        frozenset(
            {
                "drop",
                "drops",
                "dropping",
                "dropped",
                "pick",
                "picks",
                "picking",
                "picked",
                "attends",
                "attend",
                "enrolled",
                "goes",
                "go",
                "collect",
                "fetch",
                "transferred",
                "transfers",
                "drive",
                "take",
                "pickup",
                "dropoff",
            }
        ),
        rf"\b(?:(?:drop|pick|collect|fetch|driv|tak|bring)\w*\s(?:{NAMES}"
        rf"|(?P<pronoun>him|her|them)|the (?P<kin>kids|boys|girls|twins|children)"
        rf"|my (?:\w+\s)?(?P<kin>{CHILD_WORD}))(?:\s(?:up|off|home))?\s(?:at|from"
        rf"|to))\s(?:the\s)?{_PLACE}",
    ),
    row(
        "attends",
        "attends attend attended enrolled goes go"
        " going transferred student pupil starts starting",
        rf"(?:\b(?P<kin>{CHILD_WORD})(?:,?\s{NAMES_1},?)?|\b(?P<pronoun>he|she|they"
        rf"|both)|(?<![\w-]){NAMES})(?:'s|\sis|\sare|\swill|\sboth|\snow|\sall"
        rf"|\sjust)*\s(?:attends?|attending|enrolled (?:at|in)|goes to|go to"
        rf"|going to|transferred to|(?:a )?(?:student|pupil)s? at|starts at"
        rf"|starting at|in)\s(?:the\s)?(?P<SCHOOL>{SCHOOL_NAME})",
    ),
    row(
        "kin goes to a place",
        "attends attend enrolled goes",
        rf"\b(?:my"
        rf"|our)\s{ADJECTIVE}{{0,3}}(?P<kin>{CHILD_WORD})(?:,?\s{NAMES_1},?)?\s(?:att"
        rf"ends?|is enrolled (?:at|in)|goes to (?:school"
        rf" at\s)?)\s?(?:the\s)?{_PLACE}",
    ),
    row(
        "a child's school",
        frozenset(),
        rf"(?P<SCHOOL>\b{SCHOOL_NAME}){_NO_COMPANY}",
        child_near=True,
    ),
    row(
        "school, named",
        "school",
        rf"\b(?:his|her|their|the kids'|the boys'|the girls')\s(?:new\s|old\s|high\s"
        rf"|middle\s|elementary\s)?school,\s{_PLACE}",
    ),
    row("class teacher", "teacher", r"\b(?:his|her)\steacher\sat\s" + _PLACE),
)
