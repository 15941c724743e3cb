"""What makes a mail personal: rows of cues in English, Spanish, French, German.

A row is a name, a weight and a regular expression for whole words; it counts once, however
often it is found. Weight 4 is for words that nobody writes to a business.
"""

from __future__ import annotations

import re
from typing import Final

Cue = tuple[str, int, re.Pattern[str]]


def cues(*given: tuple[str, int, str]) -> tuple[Cue, ...]:
    """Return cues with their expressions compiled, for whole words in any case."""
    return tuple(
        (name, weight, re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE))
        for name, weight, pattern in given
    )


KIN: Final = (
    r"mom|mum|mommy|mama|dad|daddy|papa|grandma|grandpa|granny|nana|grandmother|grandfather|"
    r"sis|bro|auntie?|uncle|cousin|niece|nephew|sister|brother|mother|father|stepmom|stepdad|"
    r"mamá|papá|mami|papi|abuela|abuelo|abuelita|tía|tío|prima|primo|hermana|hermano|"
    r"nonna|nonno|maman|mamie|papy|mémé|pépé|tante|tonton|cousine|"
    r"mutti|mama|vati|oma|opa|omi|opi|onkel|tante"
)

PERSONAL: Final = cues(
    (
        "love",
        4,
        r"i (?:really |do )?(?:love|miss) you(?! guys? work)|love (?:you|ya|u)(?: all|"
        r" both| too| so much)?|miss (?:you|ya) (?:so|too|lots)|te (?:quiero|amo|"
        r"extraño)|je t'aime|ich liebe dich|hab dich lieb|hdl|ti (?:amo|voglio bene)",
    ),
    (
        "to parents",
        4,
        r"dear parents?(?: (?:or|and|/) guardians?)?|parent[- ]teacher|liebe eltern|"
        r"chers parents|(?:estimados|queridos) padres",
    ),
    (
        "child at school",
        2,
        r"your (?:child|son|daughter)|permission slip|field trip|\d(?:st|nd|rd|"
        r"th) grade|homeroom|kindergarten|class trip|school (?:nurse|bus|picnic)|"
        r"spelling bee",
    ),
    (
        "costumes",
        2,
        r"trick[- ]or[- ]treat\w*|halloween costumes?|easter egg hunt|santa|tooth fairy|"
        r"cookies for the",
    ),
    (
        "kiss",
        4,
        r"xo|xox|(?:xo){2,4}x?|hugs(?: and kisses)?|big hug|kisses|besos|besitos|baci|"
        r"bisous|bises|gros bisous|küsse|küsschen|bussi|kuss|un abrazote",
    ),
    (
        "darling",
        3,
        r"(?:hi|hey|hello|dear|my|good morning|thanks?) (?:sweetie|honey|hon|darling|"
        r"babe|baby|sweetheart|dearest|love|sweety|dear(?:est)? ones?)|(?:sweetie|honey|"
        r"hun|darling|babe|sweetheart)[,!)]|honey :\)|dearest|mi amor|tesoro|amore|"
        r"cariño|mi vida|mon amour|ma chérie|mon chéri|schatz|schatzi|liebling|"
        r"mein lieber schatz",
    ),
    (
        "greets kin",
        4,
        r"(?:hi|hey|hello|dear|hallo|liebe|lieber|hola|querida|querido|salut|coucou|"
        r"chère|cher) (?:"
        rf"{KIN}"
        r"|family|familie|familia|kids|all my|everyone in the family)",
    ),
    (
        "signs kin",
        4,
        r"(?:love|hugs|xo|kisses|besos|bisous|alles liebe)[,!]?\s+(?:your |tu |ta |"
        r"deine? )?(?:"
        rf"{KIN}"
        r"|son|daughter)|(?:^|\n)\s*(?:-+\s*)?(?:your )?(?:mom|mum|dad|mama|papa|"
        r"grandma|grandpa|oma|opa|mamá|papá|maman)\s*(?:$|\n)",
    ),
    (
        "signs love",
        3,
        r"(?:^|\n)\s*(?:much |lots of |all my |with )?love(?:,|"
        r" always,?)?\s*\n\s*[^\W\d]|(?:^|\n)\s*(?:lots of |much |"
        r"all my )?love,\s*[^\W\d][\w ]{0,20}\s*(?:$|\n)",
    ),
    (
        "kin acts",
        2,
        r"(?:^|[.!?,;]\s|\n|and |tell |ask |with |called |from |for |at )(?:"
        rf"{KIN}"
        r")(?:'s)? (?:is|was|will|says|said|wants|called|comes|came|and|has|had|loves|"
        r"would|just|made|makes|already|can|could|asked|told|house|place|birthday|est|a|"
        r"dit|está|quiere|dice|ist|hat|kommt|sagt)",
    ),
    (
        "at kin",
        2,
        r"(?:at|to|from) (?:mom|dad|grandma|grandpa|mum|nana|granny)(?:'s| and dad)|"
        r"mom and dad|mum and dad|the grandkids|grandchildren|the in-laws|whole family|"
        r"the cousins|the twins|mamá y papá|papa et maman|mama und papa",
    ),
    (
        "birthday",
        3,
        r"(?:happy|belated)(?: belated)? b(?:irth|irht|-)?day|happy bday|"
        r"feliz cumpleaños|cumple(?:años)?|joyeux anniversaire|bon anniversaire|"
        r"alles gute zum geburtstag|geburtstag",
    ),
    (
        "birthday plans",
        2,
        r"what do you want for (?:your birthday|christmas)|birthday list|my birthday|"
        r"your birthday|turns? \d\d?|"
        r"(?:birthday|bday|graduation|engagement|anniversary|housewarming|retirement|"
        r"surprise) (?:party|dinner|present|gift|cake|bash|wish(?:es)?)|(?:mom|dad|"
        r"grandma|grandpa|her|his|my|our|son|daughter|'s|\d\d?(?:st|nd|rd|"
        r"th)) (?:birthday|bday)|bachelor(?:ette)? party|baby shower|bridal shower|"
        r"save the date|fiesta|geburtstagsfeier|fête d'anniversaire",
    ),
    (
        "wedding",
        3,
        r"(?:we are|we're|we are finally|they are|they're) getting married|(?:our|my|"
        r"their|her|his) (?:wedding|engagement|honeymoon)|we(?:'re| are) engaged|"
        r"she said yes|nos casamos|nuestra boda|on se marie|notre mariage|wir heiraten|"
        r"unsere hochzeit|the happy couple",
    ),
    (
        "baby",
        3,
        r"we(?:'re| are) (?:pregnant|expecting|having a baby)|it's a (?:boy|girl)!*|"
        r"(?:new|newborn) baby (?:boy|girl|is here)|(?:is|she's|i'm) pregnant|"
        r"baby pictures|was born (?:on|at|this|yesterday)|weighing \d+ ?(?:lbs|pounds)",
    ),
    (
        "meal",
        2,
        r"take-?out|order (?:a )?pizza|turkey and stuffing|we eat at|bringing (?:wine|"
        r"dessert|pies)|bring (?:the )?dessert|should i bring|"
        r"(?:come|coming|come over|comes|us|me|over|going|meet) (?:over )?(?:to us |"
        r"to ours )?for (?:dinner|lunch|supper|brunch|drinks|coffee|a beer|a drink|"
        r"cake)|(?:dinner|lunch|brunch|supper|drinks|beers?) (?:at (?:my|our|mom|his|"
        r"her|their)|tonight|on (?:saturday|sunday|friday)|this weekend|together|sunday|"
        r"saturday|with the (?:family|kids))|(?:what's|whats|what is) for dinner|bbq|"
        r"barbecue|cook-?out|potluck|potato salad|lasagna|cena (?:en casa|del domingo|"
        r"familiar)|comida familiar|dîner (?:chez|dimanche|samedi)|abendessen (?:bei|"
        r"am)|grillen|grillabend|kaffee und kuchen|wine and cheese|happy hour",
    ),
    (
        "groceries",
        2,
        r"(?:pick up|get|grab|buy|bring|need|out of) (?:some )?(?:milk|bread|eggs|"
        r"diapers|groceries|dog food|cat food|beer|wine|ice cream|pizza)|and bread|"
        r"grocery (?:list|store|run)|lunchbox|compra leche|acheter du (?:pain|lait)|"
        r"milch (?:mit|kaufen)",
    ),
    (
        "weekend",
        2,
        r"(?:this|next|the|your|our|long|great|nice|good|fun) weekend(?: plans|"
        r" together| at| trip| away)?|fin de semana|week-?end prochain|ce week-?end|"
        r"wochenende",
    ),
    (
        "fun",
        3,
        r"fantasy draft|the draft is|poker|take the boat out|trick shot|on the lake|"
        r"(?:league|bowling|softball|game|movie|poker|card|trivia|girls|guys|boys|date|"
        r"pizza|ladies)(?:'s)? night|road ?trip|camping|fishing trip|ski(?:ing)? trip|"
        r"golf (?:game|on|this|saturday|sunday)|tailgate|super bowl|fantasy (?:football|"
        r"league)|concert|the beach|book club|reunion|family reunion|class reunion|"
        r"kegs?|hangover|(?:loser|winner|i'?ll|who) buys? (?:the )?(?:wings|round|"
        r"beers?|drinks|pizza|lunch)|a round|bowling|softball|fútbol el|partido (?:de|"
        r"del)|soirée|apéro|kino|spieleabend|stammtisch|tennis (?:on|this|saturday|"
        r"sunday)|road ?show tickets",
    ),
    (
        "holiday",
        2,
        r"greetings from (?!all|the team|everyone|your)|(?:thanksgiving|christmas|"
        r"easter) (?:this year|list|plans|menu)|who(?:'s| is) bringing|"
        r"(?:happy|merry|feliz|joyeux|frohe) (?:thanksgiving|easter|christmas|xmas|"
        r"hanukkah|new year|holidays|valentine'?s|mother'?s day|father'?s day|navidad|"
        r"noël|weihnachten|ostern|halloween)|(?:thanksgiving|christmas|easter|xmas|"
        r"passover) (?:at|with|dinner|eve at|day at|presents?|gifts?)|(?:presents?|"
        r"gifts?) for (?:mom|dad|the kids|christmas)|vacation (?:photos|pictures|pics)|"
        r"(?:photos|pictures|pics) (?:of|from) (?:the|our|my) (?:kids?|trip|vacation|"
        r"wedding|baby|party|weekend|family|dog|cat|puppy)|fotos (?:de las vacaciones|"
        r"del viaje)|photos de vacances|urlaubsfotos|urlaubsbilder",
    ),
    (
        "school run",
        2,
        r"(?:pick(?:ing)? up|get|grab|drop(?:ping)? off|collect) (?:the )?(?:kids?|boys|"
        r"girls|twins|him|her|[a-z]{2,12}) (?:from|at) (?:school|daycare|practice|"
        r"soccer|football|ballet|swimming|kindergarten|piano|preschool|camp|swim|dance|"
        r"hockey|karate)|(?:school|daycare|soccer|preschool) pick-?up|carpool|"
        r"soccer practice|piano (?:recital|lesson)|little league|pta meeting|homework|"
        r"recital|school play|report card|recoger a (?:los niños|las niñas)|"
        r"chercher les enfants|kinder abholen|von der schule",
    ),
    (
        "kin by name",
        2,
        r"(?<!my )(?<!your )(?<!his )(?<!her )(?<!our )(?<!the )(?:grandma|grandpa|granny|nana|"
        r"mommy|daddy|grammy|gramps)|(?-i:(?:Aunt|Auntie|Uncle|Tante|Onkel|T\u00eda|"
        r"T\u00edo|Tata|"
        r"Tonton|Cousin) [A-Z]\w+)|(?<!my )(?<!your )(?<!our )(?<!her )(?<!his )(?-i:Mom|Mum|"
        r"Mommy|Dad|Daddy)|(?-i:Mom|Dad) and (?-i:Mom|Dad)",
    ),
    (
        "family gathers",
        1,
        r"(?:the )?whole family|ganze familie|toda la familia|toute la famille|all of us in|"
        r"the cousins|at our house|our house|by our house",
    ),
    (
        "child's things",
        2,
        r"shin guards|cleats|recital|ballet class|soccer|daycare|day care|baby-?sit\w*|"
        r"diapers|nap time|bedtime|sleepover|play ?date|birthday cake for|stroller|car seat|"
        r"s'mores|got into (?:college|[A-Z]\w+!)|kita|guarder\u00eda|cr\u00e8che",
    ),
    (
        "outdoors",
        2,
        r"fishing|hiking|camping|canoe|the cabin|lake house|beach house|the boat|sunburn|"
        r"ski(?:ing)?|the campsite|picnic",
    ),
    (
        "pictures",
        1,
        r"(?:pictures|photos|pics|fotos|bilder) (?:from|of|to follow|vom|von|de)",
    ),
    (
        "kids",
        1,
        r"(?:the|my|our|your) (?:kids|children|boys|girls|little one|little ones|baby|"
        r"toddler|grandkids)|los niños|les enfants|die kinder",
    ),
    (
        "spouse",
        1,
        r"(?:my|your|his|her) (?:wife|husband|girlfriend|boyfriend|fiancée?|hubby|"
        r"partner in crime|esposa|esposo|novia|novio|femme|mari|frau|mann|freundin|ex)|"
        r"hubby|bf|gf",
    ),
    (
        "feelings",
        2,
        r"kiss the (?:kids|baby|girls|boys)|hug the kids|give (?:him|her|them|"
        r"the kids|everyone) a (?:big )?(?:hug|kiss)|wish you were here|"
        r"when are you coming home|hey stranger|"
        r"miss(?:ing)? (?:you|ya)|thinking (?:of|about) you|can't wait to see you|"
        r"can't wait to (?:celebrate|hug|meet the baby|catch up)|so proud of you|"
        r"how are you feeling|feeling better|get well soon|long time no (?:see|talk)|"
        r"so good to see you|great seeing you|we should catch up|let's catch up|"
        r"catch up soon|good to hear (?:from you|about)|te echo de menos|tu me manques|"
        r"du fehlst mir|vermisse dich|ganz (?:lieb|liebe)|proud of (?:her|him|my)",
    ),
    (
        "grief",
        3,
        r"in (?:your|our|my) (?:thoughts and )?prayers|"
        r"(?:passed away|funeral|wake|memorial service|burial) (?:is|on|at|last|this|"
        r"will|yesterday|peacefully)|so sorry (?:for|about) your loss|"
        r"sorry for your loss|my condolences|in our prayers|in my prayers|praying for|"
        r"keep (?:him|her|us|them) in your prayers|mi más sentido pésame|"
        r"mes condoléances|mein beileid|herzliches beileid|i am so sorry\.|"
        r"really good life",
    ),
    (
        "illness",
        3,
        r"(?:starts?|started|starting|needs) chemo|oncologist|it (?:is|was|'s) benign|benign!|"
        r"biopsy results",
    ),
    (
        "health at home",
        2,
        r"biopsy|chemo|(?:my|her|his|mom's|dad's|your) (?:surgery|ultrasound|test results)|"
        r"the doctor (?:said|says|called)|in the hospital|er last night|came home from the "
        r"hospital|morning sickness|root canal|therapist|(?:blood )?pressure pills|"
        r"en el hospital|\u00e0 l'h\u00f4pital|im krankenhaus",
    ),
    (
        "chat",
        1,
        r"hey (?:man|dude|bud|buddy|girl|guys|you|sis|bro)|beers? on me|\?\?\?|"
        r"no way!+|rain check|"
        r"lol|haha+|hehe|omg|wtf|lmao|rofl|jaja(?:ja)?|mdr|;-?\)|:-?p|woo-?hoo|yay|yum|"
        r"dude|buddy|pal|ya'll|y'all|gonna|wanna",
    ),
    (
        "joke",
        2,
        r"laughed (?:until|till|so hard)|walk(?:s|ed)? into a bar|"
        r"(?:here'?s|some|a few|another|these) (?:funnies|jokes?|a good (?:one|joke))|"
        r"(?:too|so|pretty) funny|this is hilarious|made me laugh|cracked me up|"
        r"thought you'?d (?:enjoy|get a kick|like) (?:this|these)|get a kick out of|"
        r"joke of the day|forward this to|pass (?:this|it) on to|chain letter|enjoy!|"
        r"anti-motivational|how many .{2,40} does it take",
    ),
    (
        "dating",
        3,
        r"the divorce|come stay with you|stay with you for|asked (?:her|him) out|"
        r"(?:first|second|blind|hot|going on a) date (?:with|last night|tonight|was)|"
        r"asked (?:her|him|me) out|(?:broke|breaking|split) up with|"
        r"girl(?:friend)? i met|the divorce (?:is|papers|was)|tinder|hinge profile|"
        r"crush on|sleep over|slept (?:at|over)|snuggle|cuddle|in bed with|"
        r"your place or mine",
    ),
    (
        "home life",
        1,
        r"(?:the|our|my) (?:dog|cat|puppy|kitten|vet|backyard|garden party|couch|"
        r"in-laws)|walk the dog|feed the (?:dog|cat)|netflix|binge|facebook|instagram|"
        r"whatsapp group|family chat|the remote|laundry is|my keys|house keys|spare key",
    ),
    (
        "recipe",
        2,
        r"das rezept|apfelkuchen|the recipe|"
        r"(?:the|your|my|her|grandma'?s|mom'?s) (?:recipe|secret recipe|casserole|"
        r"cookies|meatloaf|pie recipe|chili recipe)|rezept für|la receta de|la recette",
    ),
    (
        "invites",
        2,
        r"you(?:'re| are)(?: all)? invited|rsvp|are you (?:guys )?(?:coming|"
        r"free) (?:to (?:the )?(?:party|dinner|bbq|game)|for (?:dinner|drinks|a beer)|"
        r"tonight|saturday|sunday|on saturday|on sunday|this weekend)|wanna (?:come|go|"
        r"grab|hang)|want to (?:hang out|grab a (?:beer|drink|bite|coffee))|"
        r"grab (?:a )?(?:beers?|drinks?|bite)|my place|our place|crash at|"
        r"hang(?:ing)? out|bring (?:a )?(?:dessert|wine|beer|chips|salad|"
        r"your dancing shoes|the kids)|sleepover|estás invitad[oa]|¿vienes|tu viens|"
        r"kommst du|kommt ihr|bei uns zu hause|en mi casa|chez nous|chez moi",
    ),
    (
        "sports",
        1,
        r"(?:the )?(?:mets|yankees|giants|jets|rangers|knicks|astros|cowboys|longhorns|"
        r"aggies|lakers|red sox|cubs|bulls|steelers|barça|real madrid|bayern) (?:game|"
        r"tickets|lost|won|are)|(?:season|game) tickets|did you (?:see|watch|"
        r"catch) the game|half-?time|playoffs",
    ),
)
