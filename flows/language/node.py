"""What every part of flows.yaml is made of: the base of its models, and its kinds of values."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Slug = Annotated[
    str,
    Field(
        pattern=r"^[a-z][a-z0-9_-]{0,62}$",
        description="A stable name: lower-case letters, digits, - and _; a letter first.",
    ),
]
Duration = Annotated[
    str,
    Field(
        pattern=r"^[1-9][0-9]{0,4}[hdwmy]$",
        description="A whole number and h (hours), d (days), w (weeks), m (months), y (years).",
        examples=["180d"],
    ),
]
Expression = Annotated[
    str,
    Field(
        min_length=1,
        max_length=2_000,
        description="An expression that is true or false.",
        examples=["mail.kind == 'service_request'"],
    ),
]
Domain = Annotated[
    str,
    Field(
        pattern=r"^[^@\s/:]+\.[^@\s/:.]+$",
        description="A mail domain: what follows the @.",
        examples=["hudson.example"],
    ),
]
Address = Annotated[
    str,
    Field(
        pattern=r"^[^@\s]+@[^@\s]+$",
        description="A mail address.",
        examples=["office@hudson.example"],
    ),
]
Text = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]
SecretRef = Annotated[
    str,
    Field(
        pattern=r"^(?:env:[A-Za-z_][A-Za-z0-9_]*|file:[^\n]+|vault:[0-9A-Za-z-]{1,127})$",
        description="Where a secret is read from, never the secret itself: `env:` and the name "
        "of a variable, `file:` and a path, or `vault:` and a name in the Azure Key Vault of "
        "JIGAJOB_SECRETS.",
        examples=["env:OFFICE_PASSWORD"],
    ),
]
Since = Annotated[
    str,
    Field(
        pattern=r"^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[1-9][0-9]{0,4}[hdwmy])$",
        description="A day (2026-01-31), or how far back from the first sync (90d).",
        examples=["90d"],
    ),
]


class Node(BaseModel):
    """Base of everything in flows.yaml: frozen, and no key that is not described."""

    # Built on first use: a file that uses three kinds of steps pays for three.
    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, defer_build=True
    )
