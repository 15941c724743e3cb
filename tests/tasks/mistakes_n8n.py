"""The same mistakes in the tasks as n8n exports them: a text there and what stands instead."""

from __future__ import annotations

from typing import Final

SAID: Final = "$('said').item.json"
WISH: Final = "$('wish').item.json"
MAIL: Final = "$('mail').item.json.body"

N8N: Final = {
    ("quote-accepted", "misspelt value"): (f"{SAID}.day != ''", f"{SAID}.dya != ''"),
    ("quote-accepted", "step before it ran"): (
        f"Quote {{{{ {SAID}.quote }}}}",
        "{{ $('visit').item.json.start }}",
    ),
    ("quote-accepted", "unknown step"): ("n8n-nodes-base.filter", "n8n-nodes-base.fliter"),
    ("quote-accepted", "wrong kind of field"): (r"\"quote\", \"day\"", r"\"quote\", \"datum\""),
    ("quote-accepted", "another key"): ('"jsonBody"', '"jsonBdoy"'),
    ("repair-request", "= for =="): ("kind == 'service_request'", "kind = 'service_request'"),
    ("repair-request", "unknown filter"): (".endsWith(", ".endWith("),
    ("repair-request", "unclosed if"): ("automatic == '' }}", "automatic == ''"),
    ("supplier-invoice", "choice that is none"): ("== 'unsure'", "== 'uncertain'"),
    ("supplier-invoice", "option that is none"): ('"method": "POST"', '"method": "OWED"'),
    ("payments", "wrong source"): ('"path": "mail"', '"path": "mial"'),
    ("payments", "never true"): ("amount > 0", f"amount < 100 && {MAIL}.amount > 500"),
    ("reminder", "bad duration of trigger"): ("0 8 * * *", "two weeks"),
    ("reminder", "template without quotes"): ('"=Invoice', '"Invoice'),
    ("reminder", "phone as address"): ("json.email", "json.party"),
    ("reschedule", "contradicts the conditions"): (
        f"{WISH}.day != ''",
        f"{MAIL}.automatic == 'list'",
    ),
    ("reschedule", "subject as a date"): (
        f"{{{{ {WISH}.day }}}} {{{{ {WISH}.hour }}}}",
        f"{{{{ {MAIL}.subject }}}}",
    ),
    ("leads", "required option missing"): ('"url": "https', '"ulr": "https'),
    ("complaint", "always true"): (
        "kind == 'complaint'",
        f"kind != 'spam' || {MAIL}.kind != 'newsletter'",
    ),
    ("at-night", "and for or"): (">= 22 ||", ">= 22 &&"),
    ("papers", "the key twice"): ('"method": "POST",', '"method": "POST", "method": "PUT",'),
}
"""By task and kind of mistake."""
