"""Schools, teams and ailments in mails that are known to speak of a child."""

from __future__ import annotations

from anonymizer.text.minor_generous_rows import CAPS, Pattern, later

_CAP = r"(?-i:[A-ZÀ-ÖØ-Þ][\w'\u2019.-]*)"
_KIND = (
    r"(?-i:Elementary(?: School)?|Elem\.?|Primary(?: School)?|Middle"
    r"(?: School)?|High(?: School)?"
    r"|School|Academy|Kindergarten|Preschool|Pre-?[Kk]|Daycare|Day Care|Montessori|Prep|Nursery"
    r"|Grammar|Learning Center|Early Learning|Children's House|Grundschule|Gymnasium|Realschule"
    r"|Schule|Child Care|Childcare)"
)
_GRADE_ES = (
    r"(?:primero|segundo|tercero?|cuarto|quinto|sexto|séptimo|octavo"
    r"|noveno|décimo|\d{1,2}\s?(?:º|°|ª|er|ro|do|to|mo|vo)?)"
)
SCHOOLS: tuple[Pattern, ...] = (
    later(
        rf"(?P<school>{CAPS}[ -]{_KIND}(?:\s{_KIND})?)(?![\w-]|\s(?:Street"
        rf"|St|Ave|Road|Rd|Lane)\b)"
    ),
    later(
        rf"\b(?P<school>(?-i:Kita|Grundschule|Gymnasium|Kindergarten"
        rf"|Realschule|CEIP|Colegio|Escuela|Guardería|[ée]cole|École"
        rf"|[Cc]ollège|[Ll]ycée|[Cc]rèche|[Gg]arderie|colegio|escuela"
        rf"|guardería)(?:\s(?:de|du|des|la|le|el|los|las|am|an der|im"
        rf"|primaire|maternelle))*\s{CAPS})"
    ),
    later(r"\b(?P<school>(?-i:P\.?S\.?|I\.?S\.?|M\.?S\.?)\s?#?\d{1,3})\b"),
    later(
        r"(?<![\w-])(?P<school>gr\.?\s?(?:\d{1,2}\b|k\b)|\d{1,2}(?:st|nd|rd"
        r"|th)[ -]?gr(?:ade(?:rs?)?)?\b\.?|(?-i:pre-?[Kk])\b|"
        r"(?-i:[Kk]indergarten|kinder)\b"
        r"|\d{1,2}(?:st|nd|rd|th)(?=\s(?:and|or|&)\s\d{1,2}(?:st|nd|rd|th)\sgrade)"
        r"|(?:(?<=starts )|(?<=daughter )|(?<=son )|(?<=in ))(?:high|middle"
        r"|elementary|primary) school\b"
        rf"|{_GRADE_ES}\s(?:de\s|año de\s)?(?:primaria|secundaria|grado"
        rf"|básica|preescolar|eso|preparatoria)\b"
        r"|(?<=\bla )(?:secundaria|primaria|prepa(?:ratoria)?)\b|kínder\b"
        r"|preescolar\b|(?-i:CP|CE[12]|CM[12]|[1-8]P)\b"
        r"|(?<=\ben )(?:sixième|cinquième|quatrième|troisième|seconde"
        r"|première|terminale|[3-6](?:e|ème)|(?:petite|moyenne"
        r"|grande) section|maternelle)\b"
        r"|\d{1,2}\.\sklasse\b|(?:erste|zweite|dritte|vierte|fünfte"
        r"|sechste)n?\sklasse\b|vorschule\b"
        r"|(?<=\bin )(?:nursery|reception|level (?:i{1,3}|[1-3])"
        r"|year \d{1,2})\b(?=\s?(?:[,.;)]|$|till|until|and|at))|"
        r"(?<=\()\d{1,2}th(?=[,)]))"
        r"(?!\s(?:bolts?|screws?|steel|nuts?|washers?|hardware|stainless"
        r"|lumber|fasteners?|pipe|street|floor|avenue))"
    ),
    later(
        rf"(?P<school>(?-i:Mrs|Mr|Ms|Miss|Frau|Madame)\.?\s{_CAP}['\u2019]s\s"
        rf"(?:class|room|homeroom|preschool|group)(?:room)?)\b"
    ),
    later(
        rf"\b(?:preschool|daycare|day care|kindergarten|school|nursery"
        rf"|playgroup|kita)\s?(?:\(|,\s|called\s|named\s|is\s)(?:the\s)?"
        rf"(?P<school>{CAPS})(?=[).,;]|\s(?:is|closes|has))"
    ),
    later(
        r"\b(?:at|to|from|attends)\s(?P<school>[\w'.]{3,16}\s(?:elem"
        r"|elementary|middle school|high school|primary school|montessori"
        r"|preschool))\b"
    ),
)
"""Schools by name, grades, classes."""

BUSINESS_BEFORE = later(
    r"\b(?:roof|boilers?|deliver\w*|ship\w*|invoice|quot\w+|job|project"
    r"|crew|site|contract|install\w*"
    r"|bid|account|customer|client|gym|sign|order|heizung|caldera|equipo"
    r"|panneau|techo|toit|bill\w*"
    r"|work\w*|maintenance|our)\b(?:\s(?:\w+\s)?(?:of|at|for|to|in|from"
    r"|the|der|de|la|du|del|our|a))*\s?$"
)
"""Before the name of a school that is a customer or the site of a job."""

BUSINESS_AFTER = later(
    r"(?:'s)?\s?(?:,\s(?:our|a)\s(?:customer|client)|\s?(?:is|are) (?:our"
    r"|a) (?:customer|client|site)|(?:needs?|wants?|ordered|orders|asks"
    r"|approved|pays|paid)\b"
    r"|district\b|board\b|project\b|job\b|account\b|contract\b|invoice\b|PO\b|finished\b)"
)
"""After the name of one."""

_GAME = (
    r"(?:soccer|football|hockey|baseball|softball|basketball|volleyball"
    r"|lacrosse|swim(?:ming)?|gymnastics|ballet|dance|karate|judo"
    r"|taekwondo"
    r"|tennis|wrestling|cheer|track|skating|rugby|cricket|chess|music|martial arts)"
)
TEAMS: tuple[Pattern, ...] = (
    later(
        rf"(?P<team>{CAPS}\s(?:youth\s|junior\s)?{_GAME}(?:\s(?:club|academy"
        rf"|school|team|studio|center|league|program))?)\b"
    ),
    later(
        rf"(?P<team>\b(?-i:FC|SC|SV|TSV|TuS|VfL|VfB|TV|AS|US|CF|CD"
        rf"|AC)\s{CAPS}|{CAPS}\s(?-i:FC|SC|United|Little League|Swim Club"
        rf"|Pony Club|Sports Club|Youth League))\b"
    ),
    later(
        r"(?<![\w-])(?P<team>4-?h(?:\s(?:camp|club))?|(?:the\s)?pony club"
        r"|little league|pop warner|(?:girl|boy|cub)\sscouts?(?:\s(?:camp"
        r"|troop|pack|meeting)(?:\s\d{1,5})?)?"
        r"|(?:squirts?|bantams?|pee-?wee|mites?|midgets?|atoms?|novice)(?:\s"
        r"(?-i:A{1,3}|B{1,2})\b)?|[a-g]-jugend|[a-g]-junior(?:en|innen)"
        r"|u-?\d{1,2}s?|\d{1,2}u)\b(?!\s(?:size|seal|bracket|bolt|goal))"
    ),
    later(
        rf"(?P<team>{CAPS}\s(?:freshman|jv|varsity|modified|travel)\s(?:team|squad|{_GAME}))\b"
    ),
    later(rf"\b(?:with|in|on|for|by)\sthe\s(?P<team>{CAPS})(?=\s(?:group|team|squad|class)\b)"),
    later(
        rf"\b(?:juega|juegan|joue|jouent|spielt|spielen|plays?|played|games?"
        rf"|match|practice|tournament)\b[^.!?\n]{{0,24}}?\b(?:los|las|les"
        rf"|beim|bei der|au|aux|the|für|en el|with|for)\s(?P<team>{CAPS})"
        rf"(?!\s(?:group|park|field|road|street))"
    ),
)
"""Teams, clubs and troops."""

_MEDICINE = (
    r"(?:ritalin|adderall|concerta|zyrtec|claritin|benadryl|albuterol"
    r"|ventolin|flovent|singulair|tylenol|motrin|amoxicillin|augmentin"
    r"|keppra|prednis(?:one|olone)|melatonin|miralax|insulin|humira"
    r"|vyvanse|strattera|prozac|zoloft|\w{3,12}(?:cillin|mycin))"
)
HEALTHS: tuple[Pattern, ...] = (
    later(
        rf"\b(?P<health>(?:takes?|on|takin[g']|prescribed|gets?|needs?"
        rf"|gave \w+)\s(?:\w+\s)?{_MEDICINE})\b"
    ),
    later(
        r"(?<![\w-])(?P<health>(?:allerg(?:y|ies)|medications?|medical"
        r"(?: conditions?)?|diagnosis|diet(?:ary)?(?: needs)?|alergias"
        r"|allergien?)\s?:\s?(?!none\b|no\b|n/a)[^\n.;]{2,60})"
    ),
    later(
        r"\b(?P<health>(?:a )?rash(?: all over)?|threw up|throws? up|puked?|"
        r"(?:ear )?tubes in (?:his|her|their) ears?|ear tubes"
        r"|spinal muscular atrophy|\w{4,14}(?: muscular)? (?:dystrophy"
        r"|atrophy|palsy)"
        r"|(?:contact )?dermatitis|[\w-]{4,20}(?:itis|plegia|emia)|bruised "
        r"(?:\w+ )?(?:shin|rib|knee|arm|leg|hip|elbow)|(?:home )?ventilator|"
        r"(?:\w{3,9}|\d{1,2}) weeks early|preemie|prématurée?s?|prematur[oae]s?|frühchen"
        r"|(?:sickle[- ]cell )?crisis|(?:broke|breaks|fractured|sprained) "
        r"(?:both|his|her|their|one|a|an)(?: \w+)? (?:arms?|legs?|wrists?"
        r"|ankles?|foot|feet|toes?|fingers?|collarbone|elbow|nose|hips?"
        r"|knees?|teeth|tooth)"
        r"|(?:blood )?lead level[^.\n]{0,20}|level was \d[\d.]{0,3}\s?mcg/dl"
        r"|\d{1,2}(?:\.\d)?\s?mcg/dl|neumonía|asmátic[oa]s?|bronquitis|"
        r"(?:se )?(?:rompió|fracturó|quebró) (?:el|la|un|una) \w+"
        r"|s'est (?:brûlée?|cassée?|coupée?|fait mal)(?: (?:au|à la|le|la"
        r"|aux) \w+)?|brûlée? (?:au|à la) \w+|pneumonie|otite|angine|rhume"
        r"|(?:hand|fuss|fuß|arm|bein|finger|knie|kopf)(?: \w+)? (?:geprellt"
        r"|aufgeschnitten|gebrochen|verbrannt|verstaucht|verletzt)"
        r"|lungenentzündung|mittelohrentzündung|keuchhusten|asthma"
        r"|neurodermitis"
        r"|weigh(?:s|ed)?\s\d{1,3}\s?(?:lbs?|kg|pounds)|weight:?\s\d{1,3}\s?"
        r"(?:lbs?|kg|pounds)|non-?verbal|nonbinary|transgender)\b"
    ),
)
"""What ails a child, and what it takes for it."""
