"""Teams, clubs, troops, camps and lessons of children."""

from __future__ import annotations

from anonymizer.text.minor_words import CHILD_WORD, NAMES, NAMES_1, Row, row

_AGE_GROUP = (
    r"(?:U-?\s?(?:[5-9]|1[0-9])|(?:[5-9]|1[0-9])-?U|under(?:-\d{1,2}s?"
    r"|\s\d{1,2}s)\b|sub[- ]?(?:\d{1,2})|Bambini|[A-G]-Jugend|Pee ?wee"
    r"|mini-?mites?|squirts?|bantams?|midgets?|novice|atom|Pony League"
    r"|tee?-ball|t-ball|1[0-8]s|JV|varsity|junior varsity|freshman)"
)
_SPORT = (
    r"(?:soccer|football|hockey|baseball|softball|basketball|volleyball"
    r"|lacrosse|rugby|cricket|netball|swim(?:ming)?|gymnastics|ballet|dance"
    r"|karate|judo|tae ?kwon ?do|tennis"
    r"|wrestling|cheer(?:leading)?|track|cross[- ]country|figure skating"
    r"|skating|t-ball|tee-ball|ball|travel ball|club ball|violin|piano|cello"
    r"|choir|orchestra|band|robotics|chess|lax|polo|rowing|crew|fencing|diving"
    r"|golf|archery|horse(?:back)? riding|riding|skateboard(?:ing)?|theater"
    r"|drama|jiu[- ]?jitsu|martial arts)"
)
_GATHER = (
    r"(?:practice|practices|game|games|match|matches|tournament|meet|rehearsal"
    r"|recital|lessons?|class|classes|camp|tryouts?|team|squad|training"
    r"|playoffs?|season|league|showcase|competition|concert|regionals|scrimmage"
    r"|clinic)"
)
_SCOUTS = (
    r"(?:(?:Cub|Boy|Girl|Eagle|Sea|Tiger|Beaver)\s?Scouts?|Brownies?|Daisies"
    r"|Daisy Scouts?|Girl Guides|Scouts|Scouting|Webelos|Beavers|Rainbows|4-?H"
    r"|Little League|Pop Warner|AYSO|Awana|Royal Rangers|Pathfinders)"
)
_UNIT_NUMBER = (
    r"(?:(?:Girl Scout |Boy Scout |Cub Scout |Scout |BSA |scout )?(?:Troop|Pack"
    r"|Den|troop|pack|den)\s#?\d{1,5})"
)
_CAPS = r"(?-i:\p{Lu}[\p{L}'.-]+(?:\s(?:\p{Lu}[\p{L}'.-]+|FC|SC|United|of|de)){0,3})"
_CAMP = (
    r"(?:(?-i:Camp\s(?!Road|Street|Lane|Hill|Pendleton"
    r"|Lejeune)\p{Lu}[\p{L}'-]+(?:\s\p{Lu}[\p{L}'-]+)?)"
    r"|(?-i:\p{Lu}[\p{L}'-]+\s(?:Summer|Day|Sleepaway|Space|Band"
    r"|Soccer)\sCamp))"
)
_LISTED_1 = """
    soccer football hockey baseball softball basketball volleyball lacrosse rugby cricket
    netball swim swimming gymnastics ballet dance karate judo taekwondo tennis wrestling
    cheer cheerleading track skating ball violin piano cello choir orchestra band robotics
    chess lax polo rowing fencing diving golf scouts scout brownies brownie daisies troop
    pack den league warner ayso camp team squad recital practice tournament tryouts jv
    varsity club coach plays play plays swims dances skates rehearsal lessons lesson under
    sub u9 u10 u11 u12 u13 u14 u15 u16 u17 u18 u8 u7 u6 u5 9u 10u 11u 12u 13u 14u 15u 16u
    17u 8u 7u u bantam peewee riding archery equipo juega joue équipe mannschaft spielt
    verein jugend fútbol foot hockey natación 4h cub beavers webelos joga time drama
    theater game match meet class 12s 13s 14s 15s 16s 17s tball lacrosse karate martial
    jiu
"""
_WAKE_SPORT = frozenset(_LISTED_1.split())
_TEAM_BITS = (
    rf"(?:{_SCOUTS}|{_UNIT_NUMBER}|{_CAMP}|(?:{_AGE_GROUP}\s)?(?:club|travel|rec"
    rf"|youth|junior|select|elite|AAU|JV|varsity|school|house)\s{_SPORT}"
    rf"|{_AGE_GROUP}(?:\s(?:boys|girls))?(?:\s{_SPORT})?(?:\s(?:team|squad))?)"
)
_SERVES = (
    r"(?:plays?|playing|swims?|pitch(?:es)?|skates?|dances?|competes?|races?"
    r"|runs|bats|wrestles?|cheers?|rides|fences|sings|juega|joue|spielt|joga"
    r"|tumbles)"
)

ROWS: tuple[Row, ...] = (
    row(
        "name has practice",
        _WAKE_SPORT,
        rf"(?<![\w-]){NAMES}\s(?:has|have|had|is at|are at|will be at|is off to"
        rf"|goes to|has got|starts|is in|are in|does|do|is doing|is on|is with|made"
        rf"|is out at|gets back from|comes back from|loves|takes|will have"
        rf"|is off with)\s(?:(?:his|her|their|a|the|an|some|weekly|to)\s){{0,2}}"
        rf"(?:(?P<TEAM>{_TEAM_BITS})|(?:\w+\s)?{_SPORT}(?:\s{_GATHER})?\b|recital"
        rf"|tryouts?)(?!\s(?:tickets|club for)\b)(?:[^.!?\n]{{0,24}}?\s(?:with|for"
        rf"|at)\s(?:the\s)?(?P<TEAM>{_CAPS}|{_TEAM_BITS}))?",
    ),
    row(
        "name's team",
        _WAKE_SPORT,
        rf"(?<![\w-])(?:{NAMES_1}'s?|(?:my|our|his|her"
        rf"|their)\s(?:\w+\s)?(?P<kin>{CHILD_WORD})'s?)\s(?:\w+\s)?(?:(?P<TEAM>{_TEAM_BITS}"
        rf")|{_SPORT}|travel|swim|dance|ballet|piano|recital|first)\s?(?:{_GATHER}"
        rf"|coach|teacher|uniform|gear"
        rf"|bag)?\b(?:,\sthe\s(?P<TEAM>{_CAPS}(?:\s{_AGE_GROUP})?))?",
    ),
    row(
        "I coach",
        "coach coaches coaching",
        rf"\b(?:i|he|she|who|my husband|my wife)\s(?:coach(?:es)?|am coaching"
        rf"|help coach|assistant coach)\s(?:{NAMES_1}'s"
        rf"|my (?P<kin>{CHILD_WORD})'s)\s(?P<TEAM>(?:\w+\s)?(?:{_TEAM_BITS}|team"
        rf"|{_SPORT}(?: team)?))?(?:\s?team)?(?:,\s(?:the\s)?(?P<TEAM>{_CAPS}(?:\s{_AGE_GROUP}"
        rf")?))?",
    ),
    row(
        "name plays for",
        _WAKE_SPORT,
        rf"(?:\b(?P<kin>{CHILD_WORD})|\b(?P<pronoun>he|she|they)"
        rf"|(?<![\w-]){NAMES})(?:\s(?:just|now|also|both))?\s{_SERVES}\s(?:(?:in|on"
        rf"|al|au|a)\s)?(?:the\s)?(?:(?P<TEAM>{_TEAM_BITS})"
        rf"|{_SPORT})?\s?(?:en el equipo|\b(?:for|with|on|against|at|avec|mit|bei|im|pour"
        rf"|chez|no))\s(?:the\s|les\s|der\s|den\s|el\s|la\s|a\s)?(?P<TEAM>{_CAPS}"
        rf"|{_TEAM_BITS})(?:,?\s(?P<TEAM>{_AGE_GROUP}))?",
    ),
    row(
        "name swims",
        "swims skates dances plays play joue juega spielt",
        rf"(?<![\w-]){NAMES_1}\s(?:swims|skates|dances|plays|joue|juega"
        rf"|spielt)\s(?:for|in|on|with|au|al)\s(?:the\s|les\s)?(?:{_SPORT}"
        rf"|(?P<TEAM>{_TEAM_BITS}|{_CAPS}))(?:\savec"
        rf" les\s(?P<TEAM>{_CAPS}))?(?:,\s(?P<TEAM>{_AGE_GROUP}))?",
    ),
    row(
        "made the team",
        _WAKE_SPORT,
        rf"(?<![\w-]){NAMES_1}\s(?:just\s)?(?:made|joined|is on|is in|tried out for"
        rf"|plays on|captains|got into)\s(?:the\s"
        rf"|a\s)(?:(?:\w+\s)?(?P<TEAM>{_TEAM_BITS}|{_CAPS}))\s?(?:team|squad|league"
        rf"|club)?",
    ),
    row(
        "drive to practice",
        _WAKE_SPORT,
        rf"\b(?:driv(?:e|ing)|tak(?:e|ing)|bring(?:ing)?|get(?:ting)?"
        rf"|pick(?:ing)? up|drop(?:ping)?(?: off)?)\s{NAMES}\s(?:to|from|at"
        rf"|off at)\s(?:(?:his|her|their|the)\s)?(?:(?P<TEAM>{_TEAM_BITS})"
        rf"|{_SPORT})(?:\s{_GATHER})?(?:\s(?:at|with)\s(?:the\s)?(?P<TEAM>{_CAPS}))?",
    ),
    row(
        "player in a form",
        "player swimmer scout camper skater dancer team",
        r"\b(?:team|club|troop|pack|division|camp|league"
        r"|squad)(?: name)?\s?[:=]\s?(?P<TEAM>[\w'. -]{2,40})$",
        child_near=True,
    ),
    row(
        "player, age group",
        _WAKE_SPORT | {"player"},
        rf"(?<![\w-]){NAMES_1}(?:,\s|\s?[(\[])(?P<TEAM>U-?(?:[5-9]|1[0-8])|(?:[5-9]"
        rf"|1[0-8])U)\b",
    ),
    row(
        "team near a child",
        _WAKE_SPORT,
        rf"(?P<TEAM>\b(?:{_SCOUTS}|{_UNIT_NUMBER}|{_CAMP}|U-?(?:[5-9]"
        rf"|1[0-8])\b(?:\s(?:boys|girls))?|(?:[5-9]|1[0-8])-?U\b(?:\stravel ball)?"
        rf"|under-\d{{1,2}}s?\b|under \d{{1,2}}s\b|(?:club|travel|rec league|youth"
        rf"|JV|varsity)\s{_SPORT}))(?!\s(?:seal|kit|bracket|bend|bolt|valve|pump"
        rf"|needs|wants))",
        child_near=True,
    ),
    row(
        "team by its name",
        _WAKE_SPORT | {"for", "with"},
        rf"\b(?:plays?|playing|swims?|pitches|practices?|game|match|tournament"
        rf"|practice|team|coach\w*|league|ball|soccer|hockey|softball|baseball"
        rf"|football|volleyball|gymnastics|ballet|dance|swimming|karate"
        rf"|basketball)\b[^.!?\n]{{0,28}}?\s?(?:for|with|at|against|,|team is"
        rf"|called)\s(?:the\s)?(?P<TEAM>{_CAPS}(?:\s{_AGE_GROUP})?)(?!\s(?:Road"
        rf"|Street|Park|Field|Avenue)\b)",
        child_near=True,
    ),
    row(
        "age group",
        _WAKE_SPORT,
        rf"\b(?:made|plays?|in|on|for|moved up to)\s(?:the\s|his\s"
        rf"|her\s)?(?P<TEAM>{_AGE_GROUP})\b",
        child_near=True,
    ),
    row(
        "camp",
        "camp scout scouts troop pack",
        rf"\b(?:at|to|from|with (?:his|her|the|their))\s(?P<TEAM>{_CAMP}|{_UNIT_NUMBER})"
        rf"(?:\sin\s(?P<PLACE>{_CAPS}))?",
        child_near=True,
    ),
    row(
        "name at camp",
        "camp sleepaway",
        rf"(?<![\w-]){NAMES}\s(?:is|are|will be|goes|leaves|comes home|is back"
        rf"|gets? back|is off|is away)\s(?:\w+\s)?(?:at|to|for|from|in"
        rf"|with)\s(?:(?:his|her|summer|sleepaway|day|the|band|science|soccer"
        rf"|sleep-away)\s){{0,2}}(?:camp\b(?!site|er)"
        rf"|(?P<TEAM>{_CAMP}))(?:\sin\s(?P<PLACE>(?-i:\p{{Lu}})[\p{{L}}-]+(?:\s(?-i:\p"
        rf"{{Lu}})[\p{{L}}-]+)?))?",
    ),
    row(
        "kin at camp",
        "camp",
        rf"\b(?P<kin>{CHILD_WORD})\s{NAMES_1}\s(?:is|are|will be)\s(?:off\s"
        rf"|away\s)?(?:at|to)\s(?:\w+\s)?(?:camp|(?P<TEAM>{_CAMP}))",
    ),
)
