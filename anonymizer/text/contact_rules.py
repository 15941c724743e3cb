"""Mail addresses, web addresses, personal pages and internet addresses, as rows of data."""

from __future__ import annotations

from anonymizer.text import checks, identifiers
from anonymizer.text.rule import NEEDS_CONTEXT, Rule

_ATOM = r"[\w.!#$%&'*+/=?^`{|}~-]"
_DOMAIN = r"(?:(?:[^\W_](?:[\w-]{0,62})\.){1,8}[^\W\d_][\w-]{1,24}|\[[\da-f.:]{7,45}\])"
_ENDING = (
    r"(?:com|net|org|edu|gov|mil|info|biz|io|co|us|uk|ca|de|fr|es|eu|mx|br|ar|cl|nl|be|ch|at"
    r"|it|pl|pt|se|dk|ie|au|nz|in|jp|cn|ru|app|dev|shop|store|site|online|page|link|xyz|ly|me"
    r"|tv|cc|to|gg|club|pro|family|email|cloud|photos|blog|live|test|invalid|example)"
)
# Endings that are words of a language need a path or "www." to be told from a lost space.
_PLAIN_ENDING = (
    r"(?:com|net|org|edu|gov|mil|info|biz|io|co|uk|ca|de|fr|es|eu|mx|br|nl|ch|pl|pt|ie|au|nz"
    r"|app|dev|shop|store|site|online|xyz|ly|example)"
)
_SOCIAL = (
    r"(?:instagram|insta|ig|facebook|fb|twitter|tiktok|tik tok|snap(?:chat)?|venmo|cash ?app"
    r"|zelle|paypal|telegram|discord|skype|threads|mastodon|youtube|linkedin|pinterest|strava"
    r"|handle|username|user name|screen name|profile|follow|dm)"
)
_SOCIAL_WORDS = (
    "instagram", "insta", "ig", "facebook", "fb", "twitter", "tiktok", "snap", "snapchat",
    "venmo", "cash app", "cashapp", "telegram", "discord", "skype", "threads", "handle",
    "username", "profile", "follow", "tag", "tagged", "dm", "account", "page", "posts",
    "posted", "stories", "reel", "channel", "x",
)  # fmt: skip

CONTACTS: tuple[Rule, ...] = (
    Rule(
        label="EMAIL",
        name="address",
        pattern=rf"(?<!{_ATOM}){_ATOM}{{1,9000}}+@{_DOMAIN}"
        rf"|\"[^\"\n@]{{1,64}}\"@{_DOMAIN}",
        needs=("@",),
        source="https://www.rfc-editor.org/rfc/rfc5322#section-3.4.1",
    ),
    Rule(
        label="EMAIL",
        name="address with spaces in it",
        pattern=r"(?<![\w.+-])[\w.+-]{2,64}+\s?@\s[\w-]{2,40}\.(?:[\w-]{2,40}\.)?"
        + _PLAIN_ENDING
        + r"\b|(?<![\w.+-])[\w.+-]{2,64}+\s@\s?[\w-]{2,40}\.(?:[\w-]{2,40}\.)?"
        + _PLAIN_ENDING
        + r"\b",
        needs=(" @", "@ "),
        source="addresses broken by dictation and by mail programs",
    ),
    Rule(
        label="EMAIL",
        name="spelt-out address",
        pattern=r"(?<![\w.-])[\w.+-]{2,40}+\s?(?:[\[({<]\s?(?:at|@|arroba)\s?[\])}>]|_at_)\s?"
        r"[\w-]{2,40}+(?:(?:\s?[\[({<]\s?(?:dot|\.|punto|point|punkt)\s?[\])}>]\s?|\.|_dot_"
        r"|\sdot\s)"
        r"[a-z]{2,12}\b){1,3}",
        needs=(
            "at)",
            "at )",
            "at]",
            "at}",
            "at>",
            "(@",
            "[@",
            "{@",
            "( @",
            "[ @",
            "arroba",
            "_at_",
        ),
        source="spelling by which people hide an address from harvesters",
    ),
    Rule(
        label="EMAIL",
        name="address in words",
        pattern=r"(?<![\w.-])[\w.+-]{1,40}+(?:\s(?:dot|punto|point|punkt|underscore"
        r"|dash)\s[\w-]{1,40}+)"
        r"{0,3}\s(?:at|@|arroba|arobase|chez)\s[\w-]{2,40}+(?:\s(?:dot|punto|point|punkt)\s"
        rf"[\w-]{{2,40}}+){{0,2}}\s?(?:\.|(?:dot|punto|point|punkt)\s){_ENDING}\b"
        r"|(?<![\w.-])[\w.+-]{1,40}+(?:\s(?:dot|underscore)\s[\w-]{1,40}+){0,3}\sat\s(?:gmail"
        r"|yahoo"
        r"|hotmail|outlook|icloud|aol|proton(?:mail)?|gmx|web|me|live|msn|comcast|verizon)"
        r"(?:\s?\.\s?|\s(?:dot|punto|point|punkt)\s)[a-z]{2,4}\b",
        needs=(
            " dot ",
            " punto ",
            " point ",
            " punkt ",
            " at gmail",
            " at yahoo",
            " at hotmail",
            " at outlook",
            " at icloud",
            " at aol",
            " at proton",
            " at gmx",
        ),
        source="addresses as people dictate them",
    ),
    Rule(
        label="LINK",
        name="web address",
        pattern=r"\b(?:https?|ftps?|hxxps?)://[^\s<>\"]{2,2000}+"
        r"|(?<![\w@.-])www\d?\.[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}(?::\d{2,5})?"
        r"(?:[/?#][^\s<>\"]{0,1000}+)?",
        narrow=identifiers.without_stop,
        needs=("://", "www"),
        source="https://www.rfc-editor.org/rfc/rfc3986",
    ),
    Rule(
        label="LINK",
        name="web address without its scheme",
        pattern=rf"(?<![\w@./=%+-])(?:[a-z0-9][\w-]{{0,62}}\.){{1,4}}{_PLAIN_ENDING}\b"
        rf"(?![\w@-])"
        r"(?:[/?#][^\s<>\"]{0,1000}(?<![.,;:!?)\]}'*]))?"
        rf"|(?<![\w@./=%+-])(?:[a-z0-9][\w-]{{0,62}}\.){{1,4}}{_ENDING}/"
        r"(?:[^\s<>\"]{0,1000}(?<![.,;:!?)\]}'*]))?",
        check=checks.domain,
        needs=tuple("." + e for e in _ENDING[3:-1].split("|")),
        source="https://www.rfc-editor.org/rfc/rfc1034#section-3.5",
    ),
    Rule(
        label="PROFILE",
        name="social profile",
        pattern=r"(?<![\w.-])(?:https?://)?(?:[\w-]{1,20}\.)?(?:facebook|fb|instagram|twitter|x"
        r"|linkedin|tiktok|snapchat|venmo|t|wa|youtube|strava|threads|pinterest|paypal|cash"
        r"|discord|reddit|medium|github|flickr)\.(?:com|me|net|app|gg)/(?:in/|u/|user/|add/|c/"
        r"|groups/|people/|profile\.php\?id=)?@?[\w.%$+-]{2,80}(?:/[^\s<>\"]{0,200})?"
        r"(?<![.,;:!?])",
        needs=(".com/", ".me/", ".net/", ".app/", ".gg/"),
        source="addresses of personal pages on these sites",
    ),
    Rule(
        label="PROFILE",
        name="handle said to be one",
        pattern=rf"\b{_SOCIAL}\b[^\n@$]{{0,24}}\K[@$][\w.-]{{2,40}}(?<![.-])"
        rf"|\b(?:my|his|her|our|their|the) (?:{_SOCIAL})(?: (?:handle|name|account|page|id"
        rf"|username"
        r"|profile|user))?(?:\s{0,2}(?:is|:|="
        r"|-)){1,2}\s\K(?=[\w.-]{0,40}[\d._])[\w.-]{3,40}(?<![.-])"
        r"|^(?:skype|telegram|discord|instagram|ig|twitter|venmo|snapchat|tiktok)\s?:\s{0,3}"
        r"\K@?[\w.#-]{3,40}(?<![.-])",
        needs=(
            "insta",
            "ig",
            "facebook",
            "fb",
            "twitter",
            "tik",
            "snap",
            "venmo",
            "cash",
            "zelle",
            "paypal",
            "telegram",
            "discord",
            "skype",
            "threads",
            "mastodon",
            "youtube",
            "linkedin",
            "pinterest",
            "strava",
            "handle",
            "user",
            "screen",
            "profile",
            "follow",
            "dm",
        ),
        source="names that people go by on social pages",
    ),
    Rule(
        label="PROFILE",
        name="handle",
        pattern=r"(?<![\w@.\])\"+-])@(?!\d)[a-z_][\w.]{2,30}(?<!\.)(?![\w@])",
        score=NEEDS_CONTEXT,
        context=_SOCIAL_WORDS,
        needs=("@",),
        source="https://en.wikipedia.org/wiki/Mention_(blogging)",
    ),
    Rule(
        label="PROFILE",
        name="handle with marks in it",
        pattern=r"(?<![\w@.\])\"+-])@(?![\w.]{1,30}\.(?:com|org|net|edu|gov|io"
        r"|co)\b)(?=[a-z]{0,29}[._\d])(?!\d)[a-z_][\w.]{2,30}(?<!\.)"
        r"(?![\w@])",
        needs=("@",),
        source="https://en.wikipedia.org/wiki/Mention_(blogging)",
    ),
    Rule(
        label="IP",
        name="IPv4",
        pattern=r"(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)",
        check=checks.ip,
        unless=(
            "version",
            "v",
            "ver",
            "release",
            "firmware",
            "section",
            "build",
            "rev",
            "software",
            "fw",
            "update",
            "app",
            "driver",
            "clause",
            "versión",
            "bios",
            "version of",
            "upgrade to",
            "updated to",
            "running",
            "plan",
            "plan set",
            "set",
            "sheet",
            "drawing",
            "spec",
            "item",
            "chapter",
        ),
        digits=4,
        needs=(".",),
        source="https://www.rfc-editor.org/rfc/rfc791",
    ),
    Rule(
        label="IP",
        name="IPv6",
        pattern=r"(?<![\w:.])(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4}){0,6}(?![\w:])"
        r"|(?<![\w:.])[0-9a-f]{0,4}::(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4}(?![\w:])",
        check=checks.ipv6,
        needs=(":",),
        digits=2,
        source="https://www.rfc-editor.org/rfc/rfc4291#section-2.2",
    ),
)
