"""What opens something or names a device, as rows: passwords, codes, keys, hardware."""

from __future__ import annotations

from anonymizer.text import checks
from anonymizer.text.code_rules import CODES
from anonymizer.text.rule import IS, NEEDS_CONTEXT, Rule, stems

_SECRECY = (
    r"(?:pass\s?(?:word|code|phrase|key)s?|passwd|pwd|pswd|pw|secret|api[ _-]?key"
    r"|access[ _-]?key"
    r"|access[ _-]?token|auth[ _-]?token|api[ _-]?token|token|bearer|client[ _-]?secret"
    r"|account ?key|private key|recovery (?:code|key|phrase)|backup code|seed phrase"
    r"|sharedaccesskey"
    r"|security answer|secret answer|contrase[ñn]a|clave(?: de acceso)?|mot de passe|mdp"
    r"|passwort|kennwort|passwor[dt]|zugangscode|كلمة (?:السر|المرور)|الرقم السري)"
)
_DOOR = (
    r"(?:gate|door|alarm|garage|lock\s?box(?:es)?|key\s?box|key\s?safe|key\s?pad|entry|entrance"
    r"|access|security|building|buzzer|unlock|front door|side door|back door|padlock|lobby"
    r"|elevator"
    r"|basement|shed|panel|safe|intercom|callbox|keyless|smart lock|deadbolt|combo"
    r"|combination|pool"
    r"|storage|locker|disarm|arm|mailbox|roof|lock)"
)
_DOOR_NEEDS = (
    "gate", "door", "alarm", "garage", "lock", "key", "entry", "entrance", "access", "security",
    "building", "buzzer", "lobby", "elevator", "basement", "shed", "panel", "safe", "intercom",
    "callbox", "combo", "combination", "pool", "storage", "arm", "mailbox", "roof",
)  # fmt: skip
_CODE = r"[#*]?(?=[a-z]{0,4}-?\d)[a-z0-9](?:-?\s?(?=[\d#*])[\w*#]|-?[\w]){2,9}[#*]?"
"""A code with a digit in it: "#2468", "0-4-1-9", "C1357", "4 4 1 9"."""

_SERVICES = (
    "_live_", "_test_", "akia", "asia", "gh", "xox", "aiza", "ya29", "sk-", "glpat", "sg.",
    "whsec", "npm_", "pypi-", "hf_", "dop_", "shp", "key-", "eaa", "sq0", "eyj", "ssh-",
    *(f"{kind}{digit}" for kind in ("sk", "ac") for digit in "0123456789abcdef"),
)  # fmt: skip
_IDENTIFIED = (
    "device", "udid", "uuid", "advertising", "idfa", "gaid", "android", "visitor", "client",
    "session", "cookie", "tracking", "browser", "fingerprint", "user",
)  # fmt: skip

SECRETS: tuple[Rule, ...] = (
    *CODES,
    Rule(
        label="CREDENTIAL",
        name="password",
        pattern=r"\b" + _SECRECY + r"\b(?:\s(?:wi-?fi|wlan))?(?:\s(?:for|to|on|of|de|del|du"
        r"|für|zum)\s(?:the\s|my\s"
        r"|our\s"
        r"|la\s|el\s)?[\w@.'-]{2,40}(?:\s[\w'-]{2,20}){0,2})?\s{0,3}(?:\([^)\n]{0,40}\)\s?)?"
        r"(?:is|was|will be|=|:|->|es|est|ist|lautet|هي|هو|→){1,2}\s{0,3}"
        r"(?:still |now |just |currently "
        r"|set to )?[\"'`“«]?\K[^\s'\"`<>“”«»]{3,200}(?<![.,;:?)])",
        check=checks.secret,
        starts=stems(_SECRECY[3:-1]),
        source="https://cwe.mitre.org/data/definitions/312.html",
    ),
    Rule(
        label="CREDENTIAL",
        name="password without a verb",
        pattern=r"\b(?:password|passcode|pwd|passwd|pw|contraseña|mot de passe|passwort"
        r"|kennwort|clave)"
        r"\b[ \t]{1,2}[(\"'`“]?\K(?=\S{0,40}[\d!@#$%^&*_+-])[^\s<>\"'`”]{4,64}(?<![.,;:?)])",
        check=checks.code_like,
        starts=("pass", "pwd", "pw", "contrase", "mot de", "kennwort", "clave"),
        source="https://cwe.mitre.org/data/definitions/312.html",
    ),
    Rule(
        label="CREDENTIAL",
        name="password in quotes",
        pattern=r"\b" + _SECRECY + r"\b[^\"'“`\n.]{0,32}[\"“`]\K[^\s\"”`]{3,64}(?=[\"”`])",
        check=checks.secret,
        starts=stems(_SECRECY[3:-1]),
        source="https://cwe.mitre.org/data/definitions/312.html",
    ),
    Rule(
        label="CREDENTIAL",
        name="network password",
        pattern=r"\b(?:wi-?fi|wlan|wireless|network|ssid|guest network|router"
        r"|internet)\b[^\n]{0,60}?"
        r"(?:pass(?:word|code|phrase)?|pw|pwd|key|psk|clave|contraseña|mot de passe|code"
        r"|passwort)"
        r"\s{0,2}(?:is|:|=|-|es|est|ist"
        r"|,){0,2}\s{0,2}[\"'`“]?\K[^\s\"'`”<>]{4,64}(?<![.,;:?)])",
        check=checks.code_like,
        starts=("wifi", "wi-fi", "wlan", "wireless", "network", "ssid", "guest", "router",
               "internet"),
        source="https://cwe.mitre.org/data/definitions/312.html",
    ),
    Rule(
        label="CREDENTIAL",
        name="login with its password",
        pattern=r"\b(?:login|log in|log on|user(?:name)?|usuario|identifiant"
        r"|benutzer(?:name)?)\b\s{0,2}"
        r"(?:is|:|=)?\s{0,2}[^\s/]{2,64}\s?/\s?(?:(?:pass|pw|password)\s?:?\s?)?"
        r"\K(?=\S{0,40}[\d!@#$%^&*_])[^\s<>]{4,64}(?<![.,;:?)])",
        check=checks.code_like,
        needs=("login", "log ", "user", "usuario", "identifiant", "benutzer"),
        source="https://cwe.mitre.org/data/definitions/312.html",
    ),
    Rule(
        label="CREDENTIAL",
        name="PIN or one-time code",
        pattern=r"\b(?:pin(?: code| number)?|(?:verification|login|sign[- ]?in|one[- ]time"
        r"(?: sign[- ]?in)?|confirmation sms|otp|2fa|two-factor|mfa|auth\w{0,12}|sms|security"
        r"|v[ée]rification|verificaci[óo]n|einmal)(?: pass)?[ -]?(?:code|c[óo]digo|passcode)?"
        r"|otp"
        r"|código de verificaci[óo]n|code de v[ée]rification)(?: (?:for|on|to|at"
        r"|of) [\w' ]{2,28}?)?"
        + IS + r"\K\d(?:[ -]?\d){3,7}\b(?![-./]\d)",
        unless=("cotter", "part", "hitch", "clevis", "dowel", "roll", "security deposit"),
        needs=("pin", "code", "otp", "2fa", "mfa", "auth", "sms", "one-time", "one time",
               "login",
               "sign", "security", "verific", "vérific", "einmal", "factor"),
        digits=4,
        check=checks.no_year,
        source="https://cwe.mitre.org/data/definitions/312.html",
    ),
    Rule(
        label="CREDENTIAL",
        name="door code",
        pattern=r"\b" + _DOOR + r"(?:'s)?(?:\s(?:system|key|pad|box|door|lock|panel"
        r"|gate)){0,2}\s?(?:pass|pin|door)?"
        r"\s?(?:codes?|combos?|combinations?|pins?|pass\s?codes?|numbers?)\b(?:\s(?:for|to|at"
        r"|on|of)\s"
        r"[\w' ]{3,28}?)?(?:\s{0,2}(?:is|are|was|:|=|-|#|,|\()){0,3}\s{0,2}(?:still |now "
        r"|again )?\K" + _CODE,
        check=checks.code_like,
        starts=stems(_DOOR[3:-1]),
        needs=("code", "combo", "combination", "pin", "number"),
        digits=3,
        source="codes that let anybody in",
    ),
    Rule(
        label="CREDENTIAL",
        name="code for a door",
        pattern=r"\b(?:code|combo|combination|pin|password)\s(?:for|to|at|on|of|is for"
        r"|into)\s(?:the|my|our|her|his|their)?"
        r"\s?(?:\w{2,12}\s)?" + _DOOR + r"[\w ]{0,20}?(?:\s{0,2}(?:is|:|=|-"
        r"|,)){1,2}\s{0,2}\K" + _CODE
        + r"|\b" + _DOOR + r"\b[\w' ]{0,32}?\s(?:opens?|unlocks?|disarms?|opened"
        r"|open)\s(?:with|by|using|via)\s"
        r"(?:the\s)?(?:code\s)?\K" + _CODE
        + r"|\b(?:punch|type|key|hit|push|disarm with|enter|dial|press|put|buzz|try"
        r"|code:?|code is"
        r"|codes are)\s(?:in\s|the code\s|code\s)?"
        r"\K[#*]?\d[\d-]{2,7}[#*]?(?=[^.\n]{0,40}\b" + _DOOR + r"\b)"
        r"|\b" + _DOOR + r"\b[^.!?\n\d]{0,40}\b(?:code|combo|pin|punch in|enter|dial"
        r"|press)\b[^.!?\n\d#*]{0,16}\K"
        + _CODE,
        check=checks.code_like,
        needs=_DOOR_NEEDS,
        digits=3,
        source="codes that let anybody in",
    ),
    Rule(
        label="CREDENTIAL",
        name="code of a keypad",
        pattern=r"\b(?:alarm|key\s?pad|key\s?box|lock\s?box|keysafe|key safe|padlock|intercom"
        r"|digicode"
        r"|gate)(?: (?:company|system|panel|on the \w{3,12}))?\s?(?::|is|=|#"
        r"|-){1,2}\s?\K(?=[a-z]{0,2}\d)[#*]?[a-z]{0,2}\d[\d-]{2,7}[#*]?(?![\w/.]\d"
        r"|\s?(?:[ap]m|ft|in|lbs?|\$))",
        check=checks.no_year,
        starts=("alarm", "key", "lock", "padlock", "intercom", "digicode", "gate"),
        digits=3,
        source="codes that let anybody in",
    ),
    Rule(
        label="CREDENTIAL",
        name="door code in other languages",
        abroad=True,
        pattern=r"\b(?:c[óo]digo|clave|pin|combinaci[óo]n)\s(?:de|del|para|en)\s(?:la\s|el\s"
        r"|mi\s)?(?:puerta|port[óo]n"
        r"|alarma|garaje|cochera|entrada|edificio|reja|caja|llaves|acceso|candado"
        r"|wifi)[\w ]{0,20}?" + IS + r"\K" + _CODE
        + r"|\bcode\s(?:de|du|d'|pour)\s?(?:la\s|le\s|l')?(?:porte|portail|alarme|garage"
        r"|entr[ée]e|immeuble|bo[îi]te"
        r"|barri[èe]re|interphone|cadenas|wifi)[\w ]{0,20}?" + IS + r"\K" + _CODE
        + r"|\bdigicode" + IS + r"\K" + _CODE
        + r"|\b(?:t[üu]r|tor|alarm|garagen?(?:tor)?|haust[üu]r|schl[üu]sselkasten"
        r"|schl[üu]sselsafe|schl[üu]sseltresor"
        r"|zugangs|eingangs)[- ]?(?:code|pin|kode|nummer)?" + IS + r"\K" + _CODE
        + r"|\bcode\s(?:f[üu]r|vom|zum|am)\s(?:den|die|das|der"
        r"|dem)?\s?[\wäöüß]{3,20}" + IS + r"\K" + _CODE
        + r"|(?:رمز|كود|الرقم السري)[\w ]{0,20}\s(?:هو|:)?\s?\K\d{3,8}",
        check=checks.code_like,
        needs=("código", "codigo", "digicode", "haust", "clave", "pin", "combinaci", "code",
               "tür", "tuer", "tor", "alarm",
               "garage",
               "schl", "zugang", "eingang", "رمز", "الرمز", "ورمز", "كود", "السري"),
        digits=3,
        source="codes that let anybody in",
    ),
    Rule(
        label="CREDENTIAL",
        name="key of a known service",
        pattern=r"(?<![A-Za-z0-9])(?:[sr]k_(?:live|test)_\w{10,200}|(?:AKIA|ASIA)[0-9A-Z]{16}"
        r"|gh[pousr]_\w{20,200}"
        r"|github_pat_\w{20,200}|xox[abeprs]-[\w-]{10,200}|AIza[\w-]{30,60}|ya29\.[\w-]{20,200}"
        r"|sk-(?:proj-|ant-)?[\w-]{20,200}|glpat-[\w-]{18,60}|SG\.[\w-]{16,40}\.[\w-]{20,80}"
        r"|whsec_\w{20,80}"
        r"|pk_(?:live|test)_\w{10,200}|npm_\w{36}|pypi-[\w-]{40,250}|hf_\w{30,50}"
        r"|dop_v1_[a-f0-9]{60,70}"
        r"|shp(?:at|ss|ca)_[a-fA-F0-9]{32}|SK[0-9a-f]{32}|AC[0-9a-f]{32}|key-[0-9a-f]{32}"
        r"|EAA[A-Za-z0-9]{40,250}"
        r"|sq0(?:atp|csp)-[\w-]{22,50}|eyJ[\w-]{8,4000}\.[\w-]{8,4000}(?:\.[\w-]{5,2000})?"
        r"|ssh-(?:rsa|ed25519|dss) [A-Za-z0-9+/=]{40,2000})",
        cased=True,
        needs=_SERVICES,
        source="https://docs.github.com/en/code-security (supported secret patterns)",
    ),
    Rule(
        label="CREDENTIAL",
        name="private key",
        pattern=r"-----BEGIN [A-Z ]{0,24}PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-(?!----)){0,6000}+"
        r"(?:-----END [A-Z ]{0,24}PRIVATE KEY(?: BLOCK)?-----)?",
        needs=("private key",),
        source="https://www.rfc-editor.org/rfc/rfc7468#section-10",
    ),
    Rule(
        label="CREDENTIAL",
        name="secret in a link",
        pattern=r"[?&#;](?:token|access_token|id_token|refresh_token|key|api_?key|sig"
        r"|signature|auth|reset|otp|code"
        r"|session|sessionid|sid|password|pwd|pass|hash|magic|invite|secret|ticket|verify"
        r"|confirm)=\K"
        r"[^\s&#<>\"'\])]{6,600}",
        needs=("=",),
        source="https://cwe.mitre.org/data/definitions/598.html",
    ),
    Rule(
        label="CREDENTIAL",
        name="user and password in a link",
        pattern=r"\b[a-z][a-z0-9+.-]{1,12}://\K[^\s:/@]{1,80}:[^\s/@]{1,120}(?=@)",
        needs=("://",),
        source="https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1",
    ),
    Rule(
        label="CREDENTIAL",
        name="code of a box with keys",
        pattern=r"\b(?:box|tresor|keys?|schlüssel\w{0,7}|caja|boîte|llaves?|clés?"
        r"|hide-?a-?key)\b[^.!?\n\d]{0,40}"
        r"\b(?:code|código|combo|pin)\b[ :=]{1,3}(?:is |es |est |ist )?\K" + _CODE
        + r"|\b(?:key\s?pad|lock\s?box|key\s?box|key\s?safe)\s(?:is "
        r"|code )?\K\d{4,6}\b(?! ?(?:mm|cm|lbs?|sq))"
        r"|\b(?:side|front|back|main|garage|cellar|basement|lobby) (?:door"
        r"|gate) is \K\d{4,6}\b(?! ?(?:mm|cm|x|lbs?))"
        r"|\b(?:setup|pairing|homekit)\b[^.\n\d]{0,32}\K\d{3}-\d{2}-\d{3}\b",
        check=checks.code_like,
        needs=("box", "tresor", "key", "schlüssel", "caja", "boîte", "llave", "clé", "hide",
               "lock", "side",
               "front", "back", "main", "garage", "cellar", "basement", "lobby", "setup",
               "pairing", "homekit"),
        digits=4,
        source="codes that let anybody in",
    ),
    Rule(
        label="CREDENTIAL",
        name="network with its password",
        pattern=r"\b(?:wi-?fi|wlan"
        r"|ssid)\s?[:=]\s?[\w .-]{2,32}? ?[/|,] ?\K(?=\S{0,40}\d)[^\s\"'<>]{6,64}"
        r"(?<![.,;:?)])"
        r"|\bdisarm(?:s|ed)? (?:with|by|using|it with) \K\d{4,6}\b",
        check=checks.code_like,
        starts=("wifi", "wi-fi", "wlan", "ssid", "disarm"),
        source="https://cwe.mitre.org/data/definitions/312.html",
    ),
    Rule(
        label="CREDENTIAL",
        name="safe combination",
        pattern=r"\b(?:combo|combination|safe|padlock"
        r"|locker)\b[^.!?\n\d]{0,24}\K\d{1,2}\s?[-,]\s?\d{1,2}\s?[-,]\s?\d{1,2}\b",
        starts=("combo", "combination", "safe", "padlock", "locker"),
        digits=3,
        source="codes that let anybody in",
    ),
    Rule(
        label="DEVICE",
        name="MAC address",
        pattern=r"(?<![\w:-])[0-9a-f]{2}([:-])[0-9a-f]{2}\1(?:[0-9a-f]{2}\1){3}[0-9a-f]{2}"
        r"(?![\w:-])"
        r"|\b(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}\b",
        check=checks.mixed_hex,
        source="https://standards.ieee.org/products-programs/regauth/",
    ),
    Rule(
        label="DEVICE",
        name="telephone hardware",
        pattern=r"\b(?:IMEI|MEID|ICCID|IMSI|EID)" + IS + r"\K\d(?:[ -]?\d){13,21}\b",
        starts=("imei", "meid", "iccid", "imsi", "eid"),
        digits=14,
        source="https://www.3gpp.org/dynareport/23003.htm",
    ),
    Rule(
        label="DEVICE",
        name="device identifier",
        pattern=r"\b(?:device|udid|uuid|advertising|idfa|gaid|android|visitor|client|session"
        r"|cookie|tracking|browser"
        r"|fingerprint|user) ?(?:id|identifier|cookie|token)?(?:\s?(?:is|:|=|#)){0,2}\s?\K"
        r"(?=[0-9a-f-]{0,12}\d)[0-9a-f]{8}[0-9a-f-]{4,40}\b",
        needs=_IDENTIFIED,
        digits=1,
        source="identifiers of a personal device",
    ),
    Rule(
        label="DEVICE",
        name="cookie",
        pattern=r"\b(?:_ga|_gid|_fbp|_fbc|phpsessid|jsessionid|sessionid|sid|fbclid|gclid"
        r"|mc_eid|_hsenc)=\K[\w.%-]{6,200}",
        needs=("_ga", "_gid", "_fb", "phpsess", "jsess", "sessid", "sessionid", "sid=",
               "clid", "mc_eid", "_hsenc", "fbclid", "gclid"),
        source="https://www.rfc-editor.org/rfc/rfc6265",
    ),
    Rule(
        label="DEVICE",
        name="serial number of a personal device",
        pattern=r"\b(?:iphone|ipad|macbook|laptop|phone|watch|airpods|tablet"
        r"|apple id)\b[^.\n]{0,24}\bserial" + IS
        + r"\K(?=[A-Z]{0,8}\d)[A-Z0-9]{8,14}\b",
        needs=("serial",),
        digits=1,
        score=NEEDS_CONTEXT,
        context=("my", "his", "her", "our", "stolen", "lost"),
        source="identifiers of a personal device",
    ),
)  # fmt: skip
