"""What nobody tells a business on purpose, as rows: health, belief, family, money trouble."""

from __future__ import annotations

from anonymizer.text.body_rules import BODY
from anonymizer.text.body_rules_abroad import BODY_ABROAD
from anonymizer.text.family_rules import TROUBLE
from anonymizer.text.hardship_rules import HARDSHIP
from anonymizer.text.health_rules import HEALTH, PEOPLE
from anonymizer.text.rule import NEEDS_CONTEXT, Rule, stems

_FAITH = (
    r"(?:catholics?|muslims?|jewish|jews?|christians?|hindus?|buddhists?|sikhs?|mormons?"
    r"|atheists?"
    r"|protestants?|baptists?|lutherans?|methodists?|presbyterians?|pentecostals?"
    r"|jehovah'?s witness(?:es)?"
    r"|orthodox|shia|shiis?|sunnis?|amish|mennonites?|quakers?|evangelicals?|anglicans?"
    r"|adventists?|seventh[- ]day adventists?|scientologists?|wiccans?|agnostics?|copts?|coptic"
    r"|alevis?|druze|unitarians?|episcopalians?"
    r"|democrats?|republicans?|libertarians?|labour|tory|tories|gay|lesbian|bisexual|queer"
    r"|trans"
    r"|transgender|nonbinary|non-binary|asexual|socialists?|communists?|conservatives?"
    r"|liberals?|maga"
    r"|hasidic|chabad|vegan for religious reasons|católic[oa]s?|musulm[aá]n[ae]?s?|judí[oa]s?"
    r"|evangélic[oa]s?"
    r"|catholiques?|musulmane?s?|juive?s?|juifs?|protestante?s?|katholisch|evangelisch"
    r"|muslimisch|jüdisch"
    r"|muslima?|schwul|lesbisch|homosexuel(?:le)?|homosexual|testig[oa]s? de jehová|مسلم(?:ة"
    r"|ون|ين)?|مسيحي(?:ة|ون|ين)?)"
)
_ORIGIN = (
    r"(?:mexican|guatemalan|honduran|salvadoran|colombian|venezuelan|peruvian|ecuadorian"
    r"|cuban|dominican"
    r"|haitian|jamaican|brazilian|puerto rican|hispanic|latin[oaxe]|chicano"
    r"|african[- ]american|black|asian"
    r"|chinese|japanese|korean|vietnamese|filipin[oa]|indian|pakistani|bangladeshi|nepali"
    r"|afghan|iranian|persian"
    r"|iraqi|syrian|lebanese|palestinian|egyptian|moroccan|algerian|nigerian|ghanaian|kenyan"
    r"|ethiopian|eritrean"
    r"|somali|sudanese|congolese|senegalese|turkish|kurdish|armenian|ukrainian|russian"
    r"|belarusian|polish|romanian"
    r"|bulgarian|albanian|serbian|bosnian|croatian|hungarian|greek|italian|irish|german"
    r"|french|spanish|portuguese"
    r"|israeli|saudi|yemeni|arab|roma|gypsy|native american|navajo|cherokee|indigenous"
    r"|first nations|inuit"
    r"|métis|metis|mexican[oa]s?|colombian[oa]s?|venezolan[oa]s?|hondureñ[oa]s?"
    r"|guatemaltec[oa]s?|ucranian[oa]s?"
    r"|marroquíe?s?|algérien(?:ne)?s?|marocaine?s?|türk(?:e|in|isch)|syrer(?:in)?"
    r"|ukrainer(?:in)?)"
)
_WHO_IS = (
    r"(?:i am|i'm|we are|we're|he is|he's|she is|she's|they are|they're|(?:family|wife"
    r"|husband|parents|mother"
    r"|father|neighbou?rs?|tenants?|landlord|boss|household|in-laws|partner|roommate"
    r"|grandmother|grandfather|couple"
    r"|upstairs|downstairs|guys?|crew|owners?|son|daughter|brother|sister) (?:is|are|was"
    r"|were)|(?:my|our|his|her|their)"
    r" \w+ (?:is|are)|soy|somos|es|son|(?:elle|il) est|je suis|nous sommes|on est|ich bin"
    r"|wir sind|er ist|sie ist|sie sind)"
)
_RELIGIOUS = (
    r"ramadan|shabb?(?:at|os|es)\b|shomer(?: shabb\w{2,3})?|sabbath|yom kippur"
    r"|rosh hashan\w{1,2}|passover"
    r"|sukkot|hanukkah|chanukah"
    r"|eid al-\w{4,5}|for eid\b|diwali|lent\b|mosque|synagogue|gurdwara|my church|our church"
    r"|my rabbi|our rabbi|my priest"
    r"|our priest|my pastor|our pastor|my imam|our imam|bar mitzvah|bat mitzvah|baptism"
    r"|baptized|first communion|prayer (?:times?|group|meeting)"
    r"|keep kosher|kept kosher|we're kosher|fasting\b|bible study|mass on sunday|to mass\b"
    r"|friday prayers?|ramadán|bautizo|la misa|la messe|gottesdienst"
    r"|im ramadan|رمضان|صلاة"
)
_POLITICS = (
    r"vot(?:e|ed|ing) (?:for )?(?:democrat\w{0,3}|republican\w{0,1}|trump|biden|harris|labour"
    r"|tory|conservative|liberal|green|afd|cdu|spd|le pen|macron)"
    r"|registered (?:democrat|republican)|trump supporters?|union (?:member|steward"
    r"|organi[sz]er|rep)\b|shop steward|came out\b(?= as|,|\.)|coming out\b(?= as)"
    r"|transition(?:ed|ing)\b(?! to| from| into| the| period| plan)|top surgery|pride parade"
    r"|same-sex|gay marriage"
)
_STATUS = (
    r"asylum|undocumented|illegal(?:ly)? (?:immigrant|alien|in the (?:us|country))"
    r"|refugees?\b|daca(?: \w{5,9})?\b|green card (?:application|interview|renewal|holder)"
    r"|work visa|student visa|overstayed|immigration (?:case|lawyer|hearing|court|status"
    r"|judge|papers)|citizenship (?:test|interview|application|papers)|deport(?:ed|ation)"
    r"|naturali[sz]ation"
    r"|visa (?:expired|application|status|renewal)|h-1b\b|h1b\b|work permit\b(?= (?:until"
    r"|expires|for (?:him|her))| is (?:pending|expired))|tps\b(?= (?:status|holder|expire))"
    r"|indocumentad[oa]s?|sin papeles|asilo\b|refugiad[oa]s?|sans[- ]papiers|demandeu(?:r"
    r"|se) d'asile|réfugiée?s?|titre de séjour|carte de séjour|asyl\w{0,8}"
    r"|aufenthalts\w{4,12}|geflüchtet\w{0,2}|flüchtling\w{0,3}|duldung"
    r"|لاجئ(?:ة)?|لجوء"
)

BELIEF: tuple[Rule, ...] = (
    Rule(
        label="BELIEF",
        name="belief of a person",
        pattern=rf"\b(?:{_WHO_IS}|as|came out as)\s(?:an? |all |both |also |very |a bit |un "
        rf"|une |quite )?"
        r"(?:practi[sc]ing |devout |proud |observant |strict |openly |ultra-|modern |roman "
        r"|messianic |muy |très |sehr |lifelong |born-again ){0,2}\K"
        + _FAITH
        + r"\b(?! (?:estimate|style|side|cent|wall|size|school))",
        needs=stems(_FAITH[3:-1].replace("m[aá]n", "man")),
        source="https://gdpr-info.eu/art-9-gdpr/",
    ),
    Rule(
        label="BELIEF",
        name="origin of a person",
        pattern=rf"\b{_WHO_IS}\s(?:an? |all |both |also |originally |half |part )?\K{_ORIGIN}\b"
        r"(?!-?(?: |-)?(?:made|built|brand|style|model|steel|walnut|doors?|company|supplier"
        r"|product|speak\w{2,4}|restaurant|drain|and decker|oak|tile|iron|pipe|valve|mold"
        r"|lock|in colou?r|marble))"
        r"(?! (?:\w+ )?(?:boiler|furnace|unit|pump|oven|stove|car|one|faucet|system|paint"
        r"|wire|cable|hose|trim|ones))",
        needs=stems(_ORIGIN[3:-1]),
        check=lambda text: text[:1].isupper() or not text.isascii() or text[-1:] in "aos",
        source="https://gdpr-info.eu/art-9-gdpr/",
    ),
    Rule(
        label="BELIEF",
        name="practice of a faith",
        pattern=rf"(?<![-\w])(?:{_RELIGIOUS})(?!\w)(?! (?:st|street|rd|road|ave|hall roof"
        rf"|building|committee|boiler|roof|kitchen|project|steeple|basement|job))",
        score=NEEDS_CONTEXT,
        context=PEOPLE,
        starts=stems(_RELIGIOUS),
        source="https://gdpr-info.eu/art-9-gdpr/",
    ),
    Rule(
        label="BELIEF",
        name="politics and orientation of a person",
        pattern=rf"(?<![-\w])(?:{_POLITICS})(?!\w)|\bhis \K(?:husband|boyfriend)\b"
        rf"|\bher \K(?:wife|girlfriend)\b",
        score=NEEDS_CONTEXT,
        context=PEOPLE,
        starts=(*stems(_POLITICS), "his husband", "his boyfriend", "her wife",
               "her girlfriend"),
        source="https://gdpr-info.eu/art-9-gdpr/",
    ),
    Rule(
        label="BELIEF",
        name="immigration of a person",
        pattern=rf"(?<![-\w])(?:{_STATUS})(?!\w)",
        score=NEEDS_CONTEXT,
        context=PEOPLE,
        starts=stems(_STATUS),
        source="https://gdpr-info.eu/recitals/no-51/",
    ),
)  # fmt: skip

FORMS: tuple[Rule, ...] = (
    Rule(
        label="BELIEF",
        name="belief in a form",
        pattern=r"\b(?:religion|faith|denomination|ethnicity|nationality|race"
        r"|sexual orientation|political"
        r" party|immigration status|religión|nacionalidad|nationalité|religionszugehörigkeit"
        r"|konfession"
        r"|staatsangehörigkeit)(?: \([^)\n]{0,20}\)| / \w{3,12}(?: \([^)\n]{0,20}\))?)?"
        r"[ \t]{0,3}:[ \t]{0,12}\K[^\n,;:]{3,40}",
        starts=("religi", "faith", "denomination", "ethnicity", "nationalit", "race",
               "sexual", "political",
                "immigration", "nacionalidad", "konfession", "staatsang"),
        source="https://gdpr-info.eu/art-9-gdpr/",
    ),
    Rule(
        label="FAMILY",
        name="family in a form",
        pattern=r"\b(?:marital status|estado civil|état civil"
        r"|familienstand)[ \t]{0,3}:[ \t]{0,12}\K[^\n,;:]{3,30}"
        r"|\b(?:ever convicted|convictions?"
        r"|criminal record)[^\n:?]{0,24}[:?]\s{0,8}(?:yes,? )?\K"
        r"(?!no\b|none\b|yes\b)[^\n,;:]{3,40}",
        starts=("marital", "estado civil", "état civil", "familienstand", "ever convicted",
               "conviction", "criminal"),
        source="https://gdpr-info.eu/recitals/no-75/",
    ),
    Rule(
        label="MONEY_TROUBLE",
        name="pay in a form",
        pattern=r"\b(?:(?:current|present|last|monthly|annual|hourly|household|gross"
        r"|net) (?:pay|wages?|salary|income"
        r"|earnings)|income|salary)[ \t]{0,3}:[ \t]{0,12}\K[$€£]? ?\d[\d,.]{0,10}k?(?: ?(?:/"
        r"|per|an?) ?\w{1,6})?",
        starts=("current", "present", "last", "monthly", "annual", "hourly", "household",
               "gross", "net ", "income",
                "salary"),
        digits=2,
        source="https://gdpr-info.eu/recitals/no-75/",
    ),
)  # fmt: skip

SENSITIVE: tuple[Rule, ...] = HEALTH + BODY + BODY_ABROAD + BELIEF + TROUBLE + HARDSHIP + FORMS
