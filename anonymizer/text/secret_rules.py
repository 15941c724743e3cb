"""What opens something or names a device, as rows: passwords, codes, keys, hardware."""

from __future__ import annotations

from anonymizer.text import checks
from anonymizer.text.rules import IS, Rule

_SECRECY = (
    r"(?:pass\s?(?:word|code|phrase|key)|passwd|pwd|secret|api[ _-]?key|access[ _-]?key"
    r"|access[ _-]?token|auth[ _-]?token|bearer|client[ _-]?secret|account ?key"
    r"|sharedaccesskey|security answer)"
)
_DOOR = (
    r"(?:gate|door|alarm|garage|lock\s?box|key\s?box|key\s?pad|entry|entrance|access|security"
    r"|building|buzzer|unlock|front door|side door|padlock)"
)

SECRETS: tuple[Rule, ...] = (
    Rule(
        label="CREDENTIAL",
        name="password",
        pattern=r"\b" + _SECRECY + r"\b(?:\s(?:for|to|on|of)\s(?:the\s|my\s|our\s)?"
        r"[\w@.-]{2,40}(?:\s[\w-]{2,20})?)?\s{0,3}(?:is|was|will be|=|:|->){1,2}\s{0,3}"
        r"(?:still |now |just )?['\"]?\K[^\s'\"<>]{3,200}",
        check=checks.secret,
        source="https://cwe.mitre.org/data/definitions/312.html",
    ),
    Rule(
        label="CREDENTIAL",
        name="password without a verb",
        pattern=r"\b(?:password|passcode|pwd|passwd|pw)\b\s\K(?=\S{0,40}\d)[^\s<>]{4,64}",
        check=checks.secret,
        source="https://cwe.mitre.org/data/definitions/312.html",
    ),
    Rule(
        label="CREDENTIAL",
        name="PIN or one-time code",
        pattern=r"\b(?:pin|(?:verification|login|sign[- ]?in|one[- ]time(?: sign[- ]?in)?"
        r"|otp|2fa|auth\w{0,12}|sms)"
        r"(?: pass)?(?: code)?|otp)" + IS + r"\K\d(?:[ -]?\d){3,7}\b",
        unless=("cotter", "part", "hitch", "clevis"),
        source="https://cwe.mitre.org/data/definitions/312.html",
    ),
    Rule(
        label="CREDENTIAL",
        name="door code",
        pattern=r"\b" + _DOOR + r"(?:\s(?:system|key|pad))?\s?(?:pass|pin)?\s?(?:code|combo"
        r"|combination|pin)s?\b(?:\s(?:for|to|at|on)\s[\w ]{3,24}?)?(?:\s{0,2}(?:is|:|=|-|#))*"
        r"\s{0,2}\K[#*]?(?=[a-z]{0,4}\d)[\w-]{3,10}[#*]?"
        r"|\bcode\s(?:for|to|at|on)\s(?:the|my|our)\s"
        + _DOOR
        + r"[\w ]{0,16}?(?:\s{0,2}(?:is|:|=))+\s{0,2}\K[#*]?\d[\d-]{2,9}[#*]?|\b"
        + _DOOR
        + r"[\w ]{0,24}?\s(?:opens?|unlocks?)\s(?:with|by)\s\K[#*]?\d[\d-]{2,9}[#*]?",
        source="codes that let anybody in",
    ),
    Rule(
        label="CREDENTIAL",
        name="key of a known service",
        pattern=r"\b(?:[sr]k_(?:live|test)_\w{10,200}|AKIA[0-9A-Z]{16}|gh[pousr]_\w{20,200}"
        r"|github_pat_\w{20,200}|xox[abprs]-[\w-]{10,200}|AIza[\w-]{30,60}|sk-[\w-]{20,200}"
        r"|glpat-[\w-]{18,60}|SG\.[\w-]{16,40}\.[\w-]{20,80}|whsec_\w{20,80}"
        r"|eyJ[\w-]{8,4000}\.[\w-]{8,4000}\.[\w-]{5,2000})",
        cased=True,
        source="https://docs.github.com/en/code-security (supported secret patterns)",
    ),
    Rule(
        label="CREDENTIAL",
        name="private key",
        pattern=r"-----BEGIN [A-Z ]{0,24}PRIVATE KEY-----(?:[^-]|-(?!----)){0,6000}"
        r"(?:-----END [A-Z ]{0,24}PRIVATE KEY-----)?",
        source="https://www.rfc-editor.org/rfc/rfc7468#section-10",
    ),
    Rule(
        label="CREDENTIAL",
        name="secret in a link",
        pattern=r"[?&#](?:token|access_token|key|sig|signature|auth|reset|otp|code|session|sid"
        r"|password|pwd|hash|magic|invite)=\K[^\s&#<>\"']{6,600}",
        source="https://cwe.mitre.org/data/definitions/598.html",
    ),
    Rule(
        label="CREDENTIAL",
        name="user and password in a link",
        pattern=r"\b[a-z][a-z0-9+.-]{1,12}://\K[^\s:/@]{1,80}:[^\s/@]{1,120}(?=@)",
        source="https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1",
    ),
    Rule(
        label="DEVICE",
        name="MAC address",
        pattern=r"(?<![\w:-])(?:[0-9a-f]{2}([:-]))(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?![\w:-])",
        source="https://standards.ieee.org/products-programs/regauth/",
    ),
    Rule(
        label="DEVICE",
        name="telephone hardware",
        pattern=r"\bIMEI" + IS + r"\K\d(?:[ -]?\d){13,15}\b",
        source="https://www.3gpp.org/dynareport/23003.htm",
    ),
    Rule(
        label="DEVICE",
        name="device identifier",
        pattern=r"\b(?:device|udid|advertising|idfa|gaid|android) ?(?:id|identifier)?"
        r"(?:\s?(?:is|:|=|#))+\s?\K[0-9a-f]{8}[0-9a-f-]{4,40}\b",
        source="identifiers of a personal device",
    ),
)
