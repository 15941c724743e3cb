"""Patterns that say that a match of a row is about a grown-up, an animal, a limit or a site."""

from __future__ import annotations

import regex  # type: ignore[import-untyped]  # it ships no types

from anonymizer.text.minor_words import THING

DIGITS = regex.compile(r"\d{1,3}")
GROWN_KIN = regex.compile(
    r"(?:(?:step|half-|half )?(?:brother|sister|sibling|bro)s?|youngest|oldest|eldest)", regex.I
)
LOOSE_KIN = regex.compile(
    r"(?:boys?|girls?|kids?|child(?:ren)?|bab(?:y|ies)|teens?|little \w+|minor"
    r"|ward|baby|petite?s?|junge|jungs|kleiner?)",
    regex.I,
)
LOOSE_WHOSE = regex.compile(
    r"(?:the|a|an|this|these|your|der|die|das|ein|eine|le|la|les|el|los|las|un|une|una)\s",
    regex.I,
)
NO_CHILD_AFTER = regex.compile(
    r"\s*,?\s(?:who is |who's |is |'s |, )?(?:an? |the |our |my |now an? "
    r"|himself an? |herself an? )?(?:\w+\s)?(?:lawyer|attorney|doctor|nurse"
    r"|engineer"
    r"|plumber|electrician|contractor|owner|co-owner|manager|landlord|tenant"
    r"|married|retired|realtor|architect|accountant"
    r"|teacher|carpenter|roofer|mechanic|builder|officer|professor|partner"
    r"|grown|an adult|adult|in college|in law school"
    r"|in the (?:navy|army|marines|military|trade|business)|works (?:at|for|as"
    r"|in)|owns|runs|bought|manages|drives (?:a|the)|lives (?:in|on|near|out"
    r"|across|down)"
    r"|and (?:his|her) (?:wife|husband|fiancée?|partner|girlfriend|boyfriend)"
    r"|at (?:\w+ )?(?:college|university))\b"
    r"|'s\s(?:wife|husband|fiancée?|girlfriend|boyfriend|office|law|firm"
    r"|company|business|apartment lease|truck|van|employer|boss)\b"
    r"|\s(?:&|and)\s(?:Sons?|Co|Associates|Partners)\b",
    regex.I,
)
GROWN_BEFORE = regex.compile(r"\b(?:adult|grown|grown-up|married|late)\s(?:\w+\s)?$", regex.I)
GREETED = regex.compile(
    r"(?:^|\n)[ \t]*(?:hi|hello|dear|hey|thanks|thank you|morning)[ ,]*$", regex.I
)
THING_ALONE = regex.compile(rf"\b(?:the|our|my|this|that|a|an)\s(?:\w+\s)?{THING}\b", regex.I)
PET = regex.compile(
    r"\b(?:dogs?|cats?|pupp(?:y|ies)|kittens?|horses?|pony|parrot|hamster|bucks?|foals?|mares?|calf|cows?|hens?"
    r"|rabbit|bunny|goats?|retriever|labrador|terrier|beagle|poodle|perr[oa]"
    r"|gat[oa]|chiens?|chats?|Hund"
    r"|Katze)\b(?:,?\s(?-i:\p{Lu})\p{L}+)?[^.!?\n]{0,40}$",
    regex.I,
)
INSTITUTION = regex.compile(
    r"\b(?:garderie|crèche|école|guardería|colegio|escuela|kita|daycare|preschool|academy)\s$",
    regex.I,
)
LIMIT_BEFORE = regex.compile(
    r"\b(?:under|over|below|above|at least|than|minimum|maximum|max|min|up to"
    r"|children|kids)\s(?:the\s)?(?:ages?\s)?(?:of\s)?$",
    regex.I,
)
LIMIT_AFTER = regex.compile(
    r"\s?(?:or|and|&)\s(?:younger|under|older|over|up|above|below|less|more)\b|\+", regex.I
)
A_BUILDING = regex.compile(r"\bthe\s$", regex.I)
BUILDINGS = regex.compile(
    r"(?:the\s)?(?:kindergarten|pre-?school|nursery school|day ?care"
    r"|elementary(?: school)?|(?:middle|primary|secondary|high|grade) school"
    r"|reception|primary|junior high)",
    regex.I,
)
