"""Codes that open something, as rows: what is opened, how it is said, then the code.

A code is told by the thing that it opens and by the few words that stand between the two in
every such sentence ("opens with", "changed to", "then", "="). A list of those words carries
further than a list of sentences: other words between them make it another number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from anonymizer.text import checks
from anonymizer.text.rule import NEEDS_CONTEXT, Rule, stems

_UNIT = (
    r"(?:[ap]\.?m\b|mm|cm|m\b|ft|feet|foot|in\b|inch|[\"'°%]|lbs?|pounds|kg|k\b|kw|w\b|watts?"
    r"|v\b"
    r"|volts?|amps?|psi|bar\b|btu|gpm|gal|sq|sf\b|rpm|hz|degrees?|deg\b|x ?\d|pcs|pieces|h\b"
    r"|hours?"
    r"|hrs?|days?|years?|yrs?|miles?|km|dollars|usd|eur|€|\$|grit|cfm|ppm|times|square|linear"
    r"|people|units|street|st\b|ave|road|rd\b|drive|lane|\(?(?:north|south|east|west)\b|series"
    r"|stunden|uhr|heures|horas|litres?|liter)"
)
_CODE = (
    r"[#*]{0,2}(?:\d{4,8}|\d(?:[ ,-]{1,2}\d){3,7}|[a-z]{1,2}\d{3,6}[a-z]?|\d{3,6}[a-z]"
    r"|\d{3}(?=[#*])|(?<=[#*])\d{3}|\d{1,2}-\d{1,2}-\d{1,2})[#*]{0,2}"
    rf"(?![\w#*]|[-./,:]\d|\s?{_UNIT})"
)
"""What somebody types: "4471#", "*0412", "A1357", "1-3-5-2"; no measure follows."""

_MORE = rf"(?:(?:,| and| or| y| et| und| /| &)\s{{0,2}}{_CODE}){{0,5}}"

_LOCKS = (
    r"gates?|key\s?pads?|lock\s?box(?:es)?|key\s?box|key\s?safe|buzzer|intercom|call\s?box"
    r"|padlock|dead\s?bolt|smart ?lock|alarm|garage|barrier|entry|entrance|lobby|elevator"
    r"|combo|combination|portail|digicode|interphone|cadenas|bo[îi]te [àa] cl[ée]s?|barri[èe]re"
    r"|port[óo]n|candado|reja|alarma|interf[óo]no|telefonillo|cochera|cerradura"
    r"|schl[üu]ssel(?:box|kasten|safe|tresor)|haust[üu]r\w{0,8}|alarmanlage|vorh[äa]ngeschloss"
    r"|zahlenschloss|eingangst[üu]r|gartentor|hoftor|garagentor|tür\w{0,6}"
    r"|mail\s?room|pump room|laundry room|clubhouse|stair\s?well|storage|locker|shed|pool gate"
    r"|disarm|side door|front door|back door|cellar door|roof (?:door|hatch)|fraccionamiento"
)
"""What has a code and hardly another number of four digits."""

_PLACES = (
    r"doors?|house|cabin|cottage|building|unit|apartment|apt|flat|condo|basement|barn|office"
    r"|shop"
    r"|gym|pool|safe|cabinet|vault|trailer|container|room|thermostat|panel|lock|locks|keys?|box"
    r"|screen|tablet|phone|laptop|printer|app|camera|account|portal|voice\s?mail|router|modem"
    r"|porte|maison|immeuble|garage|cave|puerta|casa|caja|edificio|llaves?|entrada|timbre"
    r"|tor\b|keller|wohnung|haus|eingang|briefkasten|código|codigo|clave"
)
"""What has many numbers: the word for a code must stand there as well."""

_GLUE = (
    r"(?:is|are|was|'s|it|it's|its|now|still|again|just|currently|always|has|have|takes?|needs?"
    r"|opens?|opened|unlocks?|with|by|using|via|use|uses|enter|punch(?:es)?|type|dial|press|hit"
    r"|push|try|tap|in|the|a|an|our|my|your|code|codes|combo|combination|pin|number|numbers"
    r"|star"
    r"|pound|hash|then|set|got|been|changed|reset|switched|updated|to|of|for|on|off|at|lock|box"
    r"|key|keypad|pad|panel|system|door|gate|side|front|back|rear|main|new|temp|temporary|guest"
    r"|master|vendor|contractor|will|be|you|can|and|access|entry|outside|inside|upstairs"
    r"|downstairs|left|right|behind|garage|house|tenant|tenants|office|arm|disarm|es|est[áa]|se"
    r"|abre|quita|apaga|desactiva|marca|marque|pulsa|pulse|teclea|con|el|la|los|las|su|nuevo"
    r"|nueva|c[óo]digo|clave|ahora|de|del|para|entrar|est|c'est|s'ouvre|ouvre|avec|le|les|du"
    r"|d'entr[ée]e|composer|composez|taper|tapez|faites|nouveau|maintenant|toujours|ist|lautet"
    r"|geht|[öo]ffnet|sich|mit|auf|der|die|das|den|dem|nummer|jetzt|neue?r?|zu|f[üu]r|vom|am"
    r"|eingeben|neben|wieder|temporary|combo's|code's)"
)
_BETWEEN = (
    rf"(?:[ \t]{{0,3}}(?:[:=|,(>-]{{1,2}}|\n(?=[ \t]{{0,4}}[#*\d])"
    rf"|{_GLUE}(?=[\s:=|,(-]))){{0,9}}[ \t]{{0,3}}"
)
_SAYS_CODE = (
    r"(?:codes?|combos?|combination|pin|c[óo]digo|clave|punch in|key in|opens? with"
    r"|unlocks? with|opened with|use|enter|dial|s'ouvre avec|se abre con|geht mit|tapez|taper"
    r"|composez|marque|marca|passcode|[öo]ffnet (?:sich )?mit)"
)

_NOT_A_LOCK = (
    "error", "fault", "zip", "area", "promo", "promotional", "discount", "coupon", "model",
    "part",
    "order", "sku", "item", "building", "electrical", "plumbing", "color", "colour", "paint",
    "postal", "country", "dial", "sort", "bar", "product", "diagnostic", "trouble", "status",
    "job", "cost", "tax", "hs", "nec", "fire", "state", "erreur", "fehler", "postleitzahl",
    "cut",
    "from", "key", "date", "dress", "source", "qr", "flash", "blink", "artikel", "fabric",
    "finish",
)  # fmt: skip

_TOKEN = re.compile(r"[#*]{0,2}[A-Za-z]{0,2}\d[\w#*]*(?:[ ,-]{1,2}\d[\w#*]*)*")


def each_code(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of every code in a list of them: "4456 and 4457"."""
    for found in _TOKEN.finditer(text):
        if checks.code_like(found.group()) and checks.no_year(found.group()):
            yield found.span()


_PUNCH = (
    r"punch(?:ing)?(?: in)?|key in|keying in|buzz(?: in)?|type(?: in)?|enter(?:ing)?|dial"
    r"|tap in"
    r"|put in|press|hit|use|use code|use the code|using|use pin|set you up with|gave you"
    r"|marca[nr]?"
    r"|marque|pulsa|pulse|teclea|teclee|tapez|taper|composez|composer|faites|tippen sie|tippe"
    r"|gib|geben sie|eingeben"
)
_AT_LOCK = (
    r"(?:at|on|in|into|for|to get|to open|and|then|en|sur|pour|dans|para|y|am|an der|ein"
    r"|at the)"
    r"[^.!?\n]{0,36}\b(?:key ?pad|pad|door|gate|lock|box|call ?box|buzzer|intercom|panel|garage"
    r"|entrance|lobby|beep|in\b|schlage|kwikset|alarm|puerta|port[óo]n|interf[óo]no|entrar"
    r"|entrer"
    r"|porte|portail|interphone|t[üu]r|tor|haus)"
)

CODES: tuple[Rule, ...] = (
    Rule(
        label="CREDENTIAL",
        name="code after the lock that it opens",
        pattern=rf"(?<!-)\b(?:{_LOCKS})\b(?=[^.!?]{{0,70}}\d)"
        rf"(?:[ \t][\w'-]{{1,14}}){{0,5}}?{_BETWEEN}\K{_CODE}{_MORE}",
        narrow=each_code,
        starts=stems(_LOCKS),
        unless=("part", "model", "valve", "motor", "order", "sku", "item", "invoice", "unit"),
        digits=3,
        source="codes that let anybody in",
    ),
    Rule(
        label="CREDENTIAL",
        name="code of a place",
        pattern=rf"(?<!-)\b(?:{_PLACES})\b(?=[^.!?]{{0,70}}\d)(?:[ \t,][\w'-]{{0,14}}){{0,6}}?"
        rf"[ \t,(:-]{{1,3}}{_SAYS_CODE}\b{_BETWEEN}\K{_CODE}{_MORE}",
        narrow=each_code,
        starts=stems(_PLACES.replace("tor\\b", "tor")),
        unless=_NOT_A_LOCK,
        digits=3,
        source="codes that let anybody in",
    ),
    Rule(
        label="CREDENTIAL",
        name="code of a door said to be one",
        pattern=rf"\b(?:doors?|building|apartment|safe|porte|puerta|haust[üu]r)\b ?(?:is |: ?"
        rf"|= ?"
        rf"|- ?|\| ?)\K{_CODE}",
        check=checks.no_year,
        starts=("door", "building", "apartment", "safe", "porte", "puerta", "haust"),
        digits=3,
        source="codes that let anybody in",
    ),
    Rule(
        label="CREDENTIAL",
        name="code that is typed at a lock",
        pattern=rf"\b(?:{_PUNCH})(?: the| code| el| le| la| den| die){{0,2}} \K{_CODE}"
        rf"(?=,? {_AT_LOCK})"
        rf"|\b(?:punch(?:ing)? in|key in|buzz)(?: the| code){{0,2}} \K{_CODE}"
        rf"|\b(?:{_PUNCH})(?: the| code){{0,2}} \K(?:[#*]\d{{3,8}}[#*]?|\d{{3,8}}[#*])(?!\w)",
        narrow=each_code,
        starts=stems(_PUNCH),
        digits=3,
        source="codes that let anybody in",
    ),
    Rule(
        label="CREDENTIAL",
        name="code near a lock",
        pattern=rf"\b(?:codes?|combo|combination|pin|it'?s(?: now)?|changed (?:it )?to"
        rf"|reset (?:it )?to"
        rf"|c[óo]digo|clave|opens with|digicode|passcode){_BETWEEN}\K{_CODE}{_MORE}",
        score=NEEDS_CONTEXT,
        narrow=each_code,
        context=("gate", "door", "lockbox", "lock box", "keypad", "key pad", "key safe",
               "key box",
                 "keysafe", "garage", "buzzer", "intercom", "alarm", "padlock", "lobby",
                 "deadbolt",
                 "schlage", "lock", "changed it", "let yourself in", "shed", "cabin", "keybox",
                 "portail", "porte", "puerta", "portón", "schlüsselbox", "tür", "haustür",
                 "tor",
                 "porch", "safe", "voicemail", "thermostat", "key"),
        unless=_NOT_A_LOCK,
        starts=("code", "combo", "combination", "pin", "it's", "its", "changed", "reset",
               "clave",
                "código", "codigo", "opens with", "digicode", "passcode"),
        digits=3,
        source="codes that let anybody in",
    ),
    Rule(
        label="CREDENTIAL",
        name="turns of a combination lock",
        pattern=r"\b\d{1,2} ?(?:right|left|clockwise|counter-?clockwise|r|l|cw|ccw)\b"
        r"(?:[ ,;-]{1,3}(?:then |and |to |past )?\d{1,2} ?(?:right|left|clockwise"
        r"|counter-?clockwise|r|l|cw|ccw)\b){2,4}"
        r"|\b(?:right|left|r|l)(?: to)? ?\d{1,2}\b(?:[ ,;-]{1,3}(?:then |and )?"
        r"(?:right|left|r|l)(?: to)? ?\d{1,2}\b){2,4}"
        r"|\b(?:lock(?: is)?|padlock|combo|combination|safe|locker|candado|cadenas|schloss)\b"
        r"[^.!?\n\d]{0,28}\K\d{1,2}\s?[-/, ]\s?\d{1,2}\s?[-/, ]\s?\d{1,2}\b(?![-/.]\d)",
        needs=("right", "left", "clockwise", "r ", "l ", "lock", "padlock", "combo",
               "combination",
               "safe", "locker", "candado", "cadenas", "schloss"),
        digits=3,
        source="how combination locks are told",
    ),
    Rule(
        label="CREDENTIAL",
        name="password after other words",
        pattern=r"\b(?:passwords?|passcode|passphrase|pass|pwd?|passwd|psk|network key"
        r"|wifi key|login"
        r"|log-?in|contrase[ñn]a|clave|mot de passe|mdp|passwort|kennwort|wlan-schl[üu]ssel"
        r"|api key|token|secret)\b"
        r"(?:[ \t]{0,3}(?:[:=|,(>-]{1,2}|is|are|was|it's|its|now|still|just|to|has|been|got"
        r"|changed"
        r"|reset|updated|set|new|the|for|my|on|laptop|app|account|es|nueva|ahora|est|neu|neues"
        r"|ist|lautet|jetzt)(?=[\s:=|,(]|[\"'“])){1,7}[ \t]{0,3}[\"'`“«]?"
        r"\K(?!\S{1,40}@\w)(?=[^\s]{0,40}(?:\d|[a-z][A-Z]"
        r"|[_!@#$%^&*+]))[^\s<>\"'`”»,;]{5,64}(?<![.:?)])",
        check=checks.code_like,
        starts=("pass", "pw", "psk", "network key", "wifi key", "login", "log-in", "contrase",
                "clave", "mot de", "mdp", "kennwort", "wlan", "api key", "token", "secret"),
        source="https://cwe.mitre.org/data/definitions/312.html",
    ),
    Rule(
        label="CREDENTIAL",
        name="network and what joins it",
        pattern=r"\b(?:wi-?fi|wlan|ssid)\b[^.!?\n]{0,28}?(?:\bes |\bis |\bist |\best |[:=] ?)"
        r"(?:[\w.-]{2,24} ?[/|,] ?)?\K(?=[^\s]{0,40}\d)(?=[^\s]{0,40}[a-z])[^\s<>\"'`”»,;/"
        r"|]{6,64}"
        r"(?<![.:?)])",
        check=checks.code_like,
        starts=("wifi", "wi-fi", "wlan", "ssid"),
        digits=1,
        source="https://cwe.mitre.org/data/definitions/312.html",
    ),
    Rule(
        label="CREDENTIAL",
        name="backup codes and seed phrases",
        pattern=r"\b(?:backup|recovery|rescue|emergency|one[- ]time|reset|scratch)[ -]codes?\b"
        r"[^.!?\n\d]{0,40}\K(?=\w{0,8}\d)\w{4,8}(?:-\w{3,8}){0,4}"
        r"(?:(?:,| and|;)? ?(?=\w{0,8}\d)\w{4,8}(?:-\w{3,8}){1,4}){0,11}\b"
        r"|\b(?:recovery|seed|secret|backup|mnemonic) ?(?:phrase|words?)\b[ :=]{1,3}(?:is "
        r"|are )?"
        r"\K[a-z]{3,8}(?:[ ,]{1,2}[a-z]{3,8}){5,23}\b",
        starts=("backup", "recovery", "rescue", "emergency", "one-time", "one time", "reset",
                "scratch", "seed", "secret", "mnemonic"),
        source="https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki",
    ),
    Rule(
        label="CREDENTIAL",
        name="key of a service said to be one",
        pattern=r"\b(?:api|access|secret|client|licen[cs]e|auth)[ _-]?(?:key|token|secret)\b"
        r"[ :=]{1,3}(?:is )?\K(?=[\w-]{0,30}\d)(?=[\w-]{0,30}[a-z])[\w-]{12,120}\b",
        starts=("api", "access", "secret", "client", "licen", "auth"),
        digits=1,
        source="https://cwe.mitre.org/data/definitions/312.html",
    ),
    Rule(
        label="CREDENTIAL",
        name="code in Arabic",
        pattern=r"(?:رمز|كود|الرمز|الكود|شفرة|كلمة (?:سر|مرور|السر|المرور)|الرقم السري)"
        r"(?: \w{2,12}){0,4}? ?(?:هو|هي|:)? ?\K(?=\w{0,12}\d)[a-z0-9]{4,20}\b",
        needs=("رمز", "كود", "الرمز", "الكود", "شفرة", "كلمة", "الرقم", "ورمز", "والرمز"),
        digits=2,
        source="codes that let anybody in",
    ),
)  # fmt: skip
