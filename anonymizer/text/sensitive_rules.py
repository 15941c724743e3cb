"""Health and belief, as rows: few words, and only where they are said of a person."""

from __future__ import annotations

from anonymizer.text.rules import Rule

_WHO = (
    r"(?:i|i'm|i am|he|he's|she|she's|we|they|who|patient"
    r"|(?:my|our|his|her|their) (?!(?:boiler|furnace|house|pipes?|system|unit)\b)[\w-]{2,20})"
)
_ILLNESS = (
    r"(?:(?:breast |lung |prostate |colon |skin |stage \w+ )?cancer|leuk[a]?emia|lymphoma"
    r"|(?:type [12] )?diabetes|diabetic|asthma|asthmatic|copd|emphysema|dementia|alzheimer'?s"
    r"|parkinson'?s|multiple sclerosis|epilepsy|seizures?|heart (?:attack|failure|disease"
    r"|condition|surgery)|(?:a |mini-?)?stroke|kidney (?:failure|disease)|dialysis"
    r"|chemo(?:therapy)?|radiation therapy|depression|bipolar|schizophrenia|ptsd|anxiety"
    r"|adhd|autism|autistic|down syndrome|hiv|aids|hepatitis|covid(?:-19)?|pneumonia|flu"
    r"|pregnan(?:t|cy)|miscarriage|hospice|rehab|addiction|alcoholic|surgery|hip replacement"
    r"|knee replacement|broken (?:leg|arm|hip|wrist)|disab(?:led|ility)|wheelchair|oxygen"
    r"|allerg(?:y|ies|ic)(?: to [\w ]{3,20})?|bedridden|blind|deaf|migraines?|infection"
    r"|high blood pressure|compromised immune system|immunocompromised|stomach pain"
    r"|chest pain|headaches)"
)
_FAITH = (
    r"(?:catholics?|muslims?|jewish|jews?|christians?|hindus?|buddhists?|sikhs?|mormons?|atheists?"
    r"|protestants?|baptists?|lutherans?|methodists?|jehovah'?s witness(?:es)?|orthodox|shia"
    r"|shiis?|sunnis?|amish|quakers?|evangelicals?|democrats?|republicans?|gay|lesbian|bisexual"
    r"|transgender|socialists?|communists?|conservatives?|liberals?)"
)

SENSITIVE: tuple[Rule, ...] = (
    Rule(
        label="HEALTH",
        name="illness of a person",
        pattern=r"\b"
        + _WHO
        + r"\b[^.!?\n]{0,48}?\b(?:has|have|had|having|is|am|are|was|with|from"
        r"|for|of|after|suffers?|suffering|battling|on|in|got|needs?|i'm|he's|she's)\s"
        r"(?:a |an |an? \w+ )?\K" + _ILLNESS + r"\b",
        source="https://gdpr-info.eu/art-9-gdpr/",
    ),
    Rule(
        label="HEALTH",
        name="illness by its name",
        pattern=r"\b(?:diagnosed with|treated for|treatment for|suffer(?:s|ing) from|history of"
        r"|complain(?:s|ing) of|recover(?:s|ing) from|my|his|her|their|'s)\s\K"
        + _ILLNESS
        + r"\b",
        source="https://gdpr-info.eu/art-9-gdpr/",
    ),
    Rule(
        label="BELIEF",
        name="belief of a person",
        pattern=r"\b(?:i am|i'm|we are|we're|he is|he's|she is|she's|they are|as|family is"
        r"|(?:my|our|his|her|their) \w+ (?:is|are))\s(?:an? |all |both )?(?:practi[sc]ing "
        r"|devout |proud |observant |strict |openly )*\K" + _FAITH + r"\b",
        source="https://gdpr-info.eu/art-9-gdpr/",
    ),
)
