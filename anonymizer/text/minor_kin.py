"""Children by kinship, guardianship and the words of a family's day."""

from __future__ import annotations

from anonymizer.text.minor_words import (
    ADJECTIVE,
    CHILD_WAKE,
    CHILD_WORD,
    FULL_AGE,
    LIKE_A_CHILD,
    NAME_OF,
    NAMES,
    NAMES_1,
    POSSESSED,
    WHOSE,
    Row,
    row,
)

_BARE = (
    r"(?-i:(?:(?:step|grand|god)?(?:son|daughter)|baby|toddler|newborn"
    r"|grandchild|nephew|niece|infant|twins|kiddo|kids|children"
    r"|triplets|boys|girls|youngest|oldest|eldest|little one|hijo|hija|hijos"
    r"|nieto|nieta|bebé|niños?|niñas?|fils|fille|bébé|sobrin[oa]|nièce|neveu))"
)
_LINK = (
    r"(?:\s?[,:(]\s?|\s-{1,2}\s|\s(?:is |are |was |were )?(?:named|called"
    r"|is called|are called|is named|se llaman?|s'appellent?|heißt|heißen"
    r"|llamad[oa]s?|chamad[oa])\s"
    r"|'s names?(?: is| are|:)?\s|\s(?:up there|here|at home|in the house"
    r"|in all|now|total|of ours)\s?[:,(-]{1,2}\s?|\s|\s\()"
)
_NOT_NAME = (
    r"(?!(?-i:I|He|She|They|We|It|You|If|And|But|So|When|The|This|That|Is|Are"
    r"|Will|Was|Has|Had|Our|My|Please|Can|Thanks|Thank|Hi|Hello)\b)"
)

ENGLISH: tuple[Row, ...] = (
    row(
        "kin and name",
        CHILD_WAKE,
        rf"(?<![\w-]){WHOSE}\s(?:{FULL_AGE}[ ,-]{{1,2}})?{ADJECTIVE}{{0,3}}(?P<kin>{CHILD_WORD}"
        rf")(?!')(?:\s(?:[(\[]?(?:ages?|aged)\s[\d,"
        rf" and&]{{1,16}}[)\]]?,?))?{_LINK}{_NOT_NAME}{NAMES}",
        sure=True,
    ),
    row("kin's name", CHILD_WAKE, rf"\b(?P<kin>{CHILD_WORD}){NAME_OF}{NAMES}", sure=True),
    row(
        "kin and name, no possessive",
        CHILD_WAKE,
        rf"(?<![\w'&-])(?<!(?:adult|grown|rown-up|&)\s){_BARE}(?:\s?[:(]\s?"
        rf"|,?\s){_NOT_NAME}{NAMES}",
    ),
    row("Baby X", "baby", rf"\b(?-i:baby|BABY)\s{_NOT_NAME}{NAMES_1}", sure=True),
    row(
        "his name is",
        CHILD_WAKE,
        rf"(?<![\w-]){POSSESSED}\s{ADJECTIVE}{{0,2}}(?P<kin>{CHILD_WORD})\b[^.!?\n]{{"
        rf"0,60}}[.,;]?\s(?:and\s)?(?:his|her|their|the|whose)\snames?\s(?:is"
        rf"|are)\s{NAMES}",
        sure=True,
    ),
    row(
        "name, my kin",
        CHILD_WAKE,
        rf"(?<![\w-]){NAMES}(?:,\s|\s[(-]\s?|\s(?:is|are)\s)(?:my|our|his|her|their"
        rf"|the)\s{ADJECTIVE}{{0,3}}(?P<kin>{CHILD_WORD})(?=\s?[,.;:)!\n-]|$|\s(?:is"
        rf"|was|has|had|will|are|who|and|in|at|with|from|here|can|loves|needs"
        rf"|gets)\b)",
        sure=True,
    ),
    row(
        "name's son writes",
        CHILD_WAKE,
        rf"\b(?:this is|i'm|i am|it's)\s{NAMES_1},?\s(?:\p{{L}}+'s|the)\s(?:little "
        rf"|youngest |oldest )?(?P<kin>(?:son|daughter|kid|grandson"
        rf"|granddaughter))\b",
    ),
    row(
        "her siblings",
        "brother sister brothers sisters bro sis siblings",
        rf"\b(?:little|baby|kid|twin|younger|big|small|half|step)[ -](?:brother"
        rf"|sister|bro|sis)s?,?\s{NAMES}",
    ),
    row(
        "her brother beside a child",
        "brother sister brothers sisters bro sis siblings cousin cousins",
        rf"\b(?:his|her|their)\s(?:\w+\s)?(?:brother|sister|sibling|cousin)s?,?\s{NAMES}",
        child_near=True,
    ),
    row(
        "form",
        CHILD_WAKE
        | {
            "student",
            "camper",
            "player",
            "pupil",
            "dependent",
            "dependents",
            "dependant",
            "occupant",
            "patient",
        },
        rf"\b(?:child(?:ren)?|students?|campers?|players?|pupils?|minors?|infants?"
        rf"|kids?|son|daughter|baby|dependents?|dependants?|toddler|scout|swimmer"
        rf"|skater|gymnast|minor occupants?|minor children"
        rf"|minor child)(?:\(s\))?(?:'?s?'?)(?: full| first"
        rf"| legal)?(?: names?)?(?: \([^)\n]{{1,20}}\))?\s?[:=]\s{{0,3}}{NAMES}",
        sure=True,
    ),
    row(
        "a minor",
        "minor minors infant child",
        rf"(?<![\w-]){NAMES_1}(?:,\s|\s[(\[])(?:a\s|an\s|is a\s)?(?:minor|infant"
        rf"|child|minor child|underage|juvenile)\b(?=[,.;)\]\n]|$|\s(?:of|aged?|and"
        rf"|by)\b)",
    ),
    row(
        "guardian of",
        "guardian guardians guardianship parent"
        " parents custody visitation adopted adopting"
        " adoption fostering godmother godfather godparents conservatorship",
        rf"\b(?:(?:legal |court-appointed |temporary |permanent |sole |joint |full "
        rf"|shared |primary )?(?:guardian(?:ship)?s?|custody)|parents?(?:\s?(?:/|or"
        rf"|and)\s?(?:legal )?guardians?)?|visitation|adoption|godmother|godfather"
        rf"|godparents?)\s(?:of|for|with)\s?:?\s(?:(?:my|the|our|minor"
        rf"|child|children|son|daughter|grandson|granddaughter|niece"
        rf"|nephew)\s){{0,3}}{NAMES}",
    ),
    row(
        "adopted",
        "adopted adopting fostering",
        rf"\b(?:we|i|who|have|'ve|just|are|is|'re|and)\s(?:adopted|adopting"
        rf"|fostering)\s{NAMES}",
    ),
    row(
        "placed with us",
        "placing placement placed fostering foster dcs cps dcf",
        rf"\b(?:placing|placement of|place|placed|fostering"
        rf"|foster)\s{NAMES}(?=\s(?:and (?:his|her)|with us|with me|here|in our"
        rf"|since|until|for)\b)",
    ),
    row(
        "custody",
        "custody visitation",
        r"(?P<FAMILY>\b(?:(?:sole|joint|shared|temporary|full|primary|legal"
        r"|physical|split|50/50|emergency)\s){0,3}(?:child )?(?:custody"
        r"|visitation)(?:\s(?:order|battle|hearing|case|dispute|agreement|exchange"
        r"|schedule|days?|weekends?|rights|swap)\b)?)(?!\sof the\s(?:keys?|site"
        r"|building|property)\b)",
        child_near=True,
    ),
    row(
        "legal guardian",
        "guardian guardianship",
        r"(?P<FAMILY>\b(?:legal|court-appointed|sole|temporary"
        r"|permanent)\sguardian(?:ship)?s?\b)",
    ),
    row(
        "every other weekend",
        "weekend weekends week",
        r"\b(?:has|have|with|at|get|gets|stays?|lives?|here)\s(?:him|her|them|me|us"
        r"|(?:his|her|their) (?:dad|mom|mum|father"
        r"|mother)(?:'s)?)?\s?(?P<FAMILY>(?:on\s|only\s)?(?:every (?:other"
        r"|second) (?:week(?:end)?)|alternate weekends|on weekends|every weekend"
        r"|half the week))",
        child_near=True,
    ),
    row(
        "custodia",
        "custodia garde sorgerecht guarda tutela",
        r"(?P<FAMILY>\b(?:custodia(?: compartida)?|garde (?:alternée|partagée"
        r"|exclusive)|(?:la )?garde(?= de (?:mes|mon|ma|notre|nos))|(?:alleinige "
        r"|gemeinsame )?Sorgerecht|guarda compartilhada|patria potestad)\b)",
        child_near=True,
    ),
    row(
        "in the other parent's town",
        "mother father mom dad mum grandparents grandmother grandma ex",
        r"\b(?:his|her|their)\s(?:mother|father|mom|dad|mum|grandparents"
        r"|grandmother|grandma|mother's|dad's|father's|mom's)\s(?:house\s"
        r"|place\s)?(?:in|near"
        r"|over in)\s(?P<PLACE>(?-i:\p{Lu})[\p{L}'-]+(?:\s(?-i:\p{Lu})[\p{L}'-]+)?)",
        child_near=True,
    ),
    row(
        "the ex has",
        "ex dad mom mum father mother husband wife",
        rf"\b(?:my ex(?:-(?:husband|wife))?|(?:his|her|their) (?:dad|mom|mum|father"
        rf"|mother))\s(?:has|gets|takes|brings|picks up|drops off|keeps"
        rf"|wants)\s{NAMES}",
    ),
    row(
        "permission slip",
        "slip consent permission waiver",
        rf"\b(?:permission slip|consent(?: form)?|waiver|medical form|release form"
        rf"|field trip form)\s(?:for|of)\s{NAMES}",
    ),
    row(
        "emergency contact",
        "emergency",
        rf"\bemergency contacts?\s(?:for|of)\s{NAMES_1}(?=\s(?:is|are)\s(?:his|her"
        rf"|their|me|my|the)\b)",
    ),
    row("child support", "support", rf"\bchild support\s(?:for|of)\s{NAMES}"),
    row(
        "sitter with",
        "sitter babysitter nanny babysitting babysits babysit babysat minding pair daycare",
        rf"\b(?:sitter|babysitter|nanny|au pair|grandma|grandpa)\s(?:\w+\s)?(?:has"
        rf"|with|watches|is watching|is with|minds|will have|will watch|takes"
        rf"|and)\s{NAMES}",
    ),
    row(
        "babysit",
        "babysitting babysits babysit babysat watching minding",
        rf"\b(?:bab(?:y-?sit(?:s|ting)?|ysat)|minding|watching)\s{NAMES}",
    ),
    row(
        "feed the baby",
        "feed bathe change nurse burp diaper diapers"
        " breastfeed nursing bathing feeding nap naps",
        rf"\b(?:feed|bathe|burp|nurse|breastfeed|nursing|bathing"
        rf"|feeding)\s(?:little |baby )?{NAMES_1}|(?<![\w-]){NAMES_1}'s\s(?:diapers?"
        rf"|nap(?: ?time)?|bottle|feeding|bath ?time|bedtime|naptime)\b"
        rf"|(?<![\w-]){NAMES_1}\s(?:is |still )?(?:naps|napping|nap|takes (?:a|his"
        rf"|her) nap|is teething|crawls|is crawling|wakes up from (?:his|her) nap)\b",
    ),
    row(
        "a child's things",
        "crib cradle nursery playpen playroom stroller"
        " highchair bassinet bunk toy toys crayons"
        " legos lego playdate playmate pacifier"
        " schoolbag homework tooth teddy tricycle"
        " swing swings trampoline treehouse cot pram buggy bedtime",
        rf"(?<![\w-]){NAMES_1}'s?\s(?:\w+\s)?(?:crib|cradle|nursery|playpen|playroom"
        rf"|stroller|high ?chair|bassinet|bunk bed|toys?|crayons|legos?|play ?date"
        rf"|pacifier|homework|swing set|trampoline|tree ?house|cot|pram|buggy"
        rf"|bedtime|teddy(?: bear)?|first tooth|baby teeth)\b(?! (?:center|store"
        rf"|shop|garden))",
    ),
    row(
        "child's doings",
        "tooth teething potty diapers playdate nap"
        " crawling homework daycare detention grounded"
        " bedtime permit recess recital sleepover allowance prom",
        rf"(?<![\w-]){NAMES_1}(?:\s(?:and|&)\s{NAMES_1})?\s(?:(?:just|has|is|was|had"
        rf"|still|finally|already|will be|are)\s){{0,2}}(?:lost (?:his|her|a"
        rf"|another) (?:first |front )?tooth|teething|potty[ -]train\w*|in diapers"
        rf"|(?:at|on|has) a (?:play ?date|sleepover)|(?:got|gets|has) detention"
        rf"|detention|grounded|got (?:his|her) learner'?s permit|home from (?:school"
        rf"|daycare|preschool)|at (?:day ?care|preschool|recess))\b",
    ),
    row(
        "pick up",
        "pick picks picking picked drop drops dropping"
        " dropped fetch collect collecting drive"
        " driving take taking bring bringing school"
        " daycare kindergarten practice nursery preschool camp",
        rf"\b(?:pick(?:s|ing|ed)?(?: up)?|drop(?:s|ping|ped)?(?: off)?|fetch(?:ing)?"
        rf"|collect(?:ing)?|driv(?:e|ing)|tak(?:e|es|ing)|bring(?:ing)?|get(?:ting)?"
        rf"|walk(?:ing)?)\s{NAMES}\s(?:up\s|off\s|home\s)?(?:from|to|at)\s(?:the\s"
        rf"|her\s|his\s|their\s|after-?)?(?:[\w'.-]+\s){{0,3}}?(?:school|elementary|primary"
        rf"|montessori|day ?care|kindergarten"
        rf"|pre-?k|preschool|pre-?school|nursery|practice|camp|lessons?|rehearsal"
        rf"|swimming|gymnastics|ballet|dance|soccer|football|hockey|baseball"
        rf"|softball|karate|judo|piano|choir|band|scouts|play ?date|pediatrician"
        rf"|orthodontist|tutor(?:ing)?|after[- ]?care|the bus|bus stop|school bus"
        rf"|sitter|babysitter|the sitter's|grandma's|crèche)\b",
    ),
    row(
        "from camp or school",
        "pick picks picking get fetch collect",
        r"\b(?:(?P<TEAM>(?-i:Camp\s\p{Lu}[\p{L}'-]+))|camp|school|day ?care|preschool|practice"
        r"|kindergarten|after[- ]?care)\b[^.!?\n]{0,60}?\b(?:pick(?:ing)? up|get|fetch|collect)"
        rf"\s{NAMES}(?=[,.;!?)\n]|$|\s(?:and|then|by|before|at|so)\b)",
    ),
    row(
        "school bus",
        "bus",
        rf"(?<![\w-]){NAMES}\s(?:gets? (?:off|on)|gets home on|comes home on|takes"
        rf"|rides|catches|misses|missed|is on)\s(?:the|his"
        rf"|her)\s(?:school )?bus\b(?=.{{0,20}}(?:school|\d))",
    ),
    row(
        "may be picked up",
        "pick picks",
        rf"\b(?:nobody|no one|only (?:i|me|my \w+|we)|(?:he|she|they)"
        rf"|who)\s(?:else )?(?:may|can|is allowed to|are allowed to|tries to"
        rf"|tried to)\s(?:pick up|collect|take)\s{NAMES}(?!\s(?-i:\p{{Lu}}))",
    ),
    row(
        "naming",
        "name named call baby christen",
        rf"\b(?:we(?:'ll| will|'re going to| are going to| have|'ve)?\s(?:named?"
        rf"|naming|call|christen(?:ed)?)|named? (?:him|her|the baby|our \w+)"
        rf"|call(?:ing)? (?:him|her|the baby))\s(?:(?:our|the)\s\w+\s|him\s"
        rf"|her\s)?{NAMES_1}",
        child_near=True,
    ),
    row(
        "one of mine says",
        CHILD_WAKE,
        rf"\b(?:one of my (?:four|three|two|five|kids|boys|girls|children)|my kids"
        rf"|our kids)\b[^.!?\n]{{0,80}}[.!?]\s{NAMES_1}\s(?:says|said|swears|claims"
        rf"|admits|insists|did|thinks|is)",
    ),
    row(
        "parent of",
        "mom mum dad mother father parent",
        rf"\b(?:i am|i'm|this is|as)\s(?:the\s)?(?:\w+,?\s)?{NAMES_1}'s\s(?:mom|mum"
        rf"|mommy|dad|daddy|mother|father|parent|guardian|foster mother"
        rf"|foster father|grandma|grandmother|nana|grandpa|grandfather|stepmom"
        rf"|stepdad|teacher|coach|nanny|sitter|babysitter)\b",
    ),
    row("foster child", "foster", rf"\bfoster\s(?:{LIKE_A_CHILD})\s{NAMES}", sure=True),
)

ABROAD: tuple[Row, ...] = (
    row(
        "hijo de nombre",
        CHILD_WAKE,
        rf"\b{POSSESSED}\s(?:\w+\s){{0,2}}?(?P<kin>{CHILD_WORD})\s(?:(?:menor|mayor"
        rf"|pequeñ[oa]|aîné|cadet(?:te)?|jüngste\w?)\s)?(?:se llaman?|s'appellent?"
        rf"|heißt|heißen|de nombre|llamad[oa]|se chama|prénommé[e]?|namens|chama-se"
        rf"|,)\s?{NAMES}",
        sure=True,
    ),
    row(
        "tutor de",
        "tutor tutora tutrice tuteur custodia patria vormund sorgerecht guarda garde tutela",
        rf"\b(?:tutor(?:a)?(?: legal)?|custodia|tutela|patria potestad|guarda"
        rf"|tutrice|tuteur|garde(?: partagée| alternée)?|Vormund|Sorgerecht)\s(?:de"
        rf"|d'|para|von|für)\s?(?:mi hij[oa] |mon fils |ma fille )?{NAMES}",
    ),
    row(
        "recoger a",
        "recoger recojo dejar llevar llevo buscar"
        " chercher récupérer déposer amener emmener"
        " hole holen bringe bringen abholen guardería"
        " crèche kita schule escuela école",
        rf"\b(?:recoger|recojo|llevar|llevo|buscar|busco|dejar|dejo|chercher"
        rf"|récupérer|récupère|déposer|amener|emmener|hole|holen|bringe|bringen"
        rf"|abholen)\s(?:a\s)?{NAMES}\s(?:\w+\s){{0,3}}?(?:de|del|de la|en|a|al|à|au"
        rf"|à la|aus|von|vom|in|zur|zum)\s(?:la |el |l'|le |der |dem "
        rf"|die )?(?:guardería|escuela|colegio|cole|kínder|jardín|preescolar|crèche"
        rf"|école|maternelle|garderie|collège|kita|schule|kindergarten|hort|krippe"
        rf"|judo|foot|fútbol)\b",
    ),
    row(
        "nombre del alumno",
        "alumno alumna menor niño niña élève enfant"
        " schüler kind kindes aluno aluna criança hijo hija",
        rf"\b(?:(?:nombre|nom|prénom|name|nome)\s(?:completo\s)?(?:del?|de l'|de la"
        rf"|de|des|do|da)\s?)(?:la |el )?(?:alumn[oa]|menor(?: de edad)?|niñ[oa]"
        rf"|hij[oa]|élève|enfant|Schülers?|Kindes|alun[oa]|criança)\s?:\s?{NAMES}",
        sure=True,
    ),
    row(
        "bautizo de",
        "bautizo comunión baptême communion taufe"
        " quinceañera konfirmation kommunion batizado anniversaire cumpleaños",
        rf"\b(?:(?P<BELIEF>bautizo|primera comunión|comunión|baptême"
        rf"|(?:première )?communion|Taufe|(?:Erst)?[Kk]ommunion|batizado)"
        rf"|quinceañera|les quince|el (?:\w+ )?cumpleaños)\s(?:de|d'"
        rf"|von)\s?(?:mi hij[oa] |mon fils |ma fille )?{NAMES_1}",
    ),
)

MILESTONES: tuple[Row, ...] = (
    row(
        "milestone of",
        "mitzvah mitzvahs communion christening"
        " baptism confirmation bris quinceañera"
        " quinceanera quince aqiqah naming baptized baptised christened upanayana",
        rf"(?<![\w-]){NAMES_1}(?:'s?\s|\s(?:has|is having|is making|makes|had"
        rf"|will have)\s(?:her|his|their|a)\s)(?:\w+\s)?(?P<BELIEF>(?:bar|bat|b'nai"
        rf"|bas) mitzvah|(?:first (?:holy )?)?communion|christening|baptism"
        rf"|confirmation|bris|brit milah|aqiqah|naming ceremony)\b(?!\s(?:number"
        rf"|email|code|of (?:the|your|my|our) (?:order|appointment|visit)))",
    ),
    row(
        "milestone",
        "mitzvah communion christening bris comunión"
        " bautizo baptême kommunion taufe konfirmation",
        r"(?P<BELIEF>\b(?:(?:bar|bat) mitzvah|first (?:holy )?communion|christening"
        r"|baptism|primera comunión|bautizo|baptême|première communion"
        r"|Erstkommunion|Taufe|Konfirmation)\b)",
        child_near=True,
    ),
    row(
        "is being baptized",
        "baptized baptised christened confirmed",
        rf"(?<![\w-]){NAMES_1}\s(?:is|will be|was|gets?)\s(?:being\s"
        rf"|getting\s)?(?P<BELIEF>baptized|baptised|christened)\b",
    ),
)

ROWS: tuple[Row, ...] = ENGLISH + ABROAD + MILESTONES
