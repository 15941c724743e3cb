"""Where finished work goes besides mail and the own files, as flows.yaml says it."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import Field, Strict, model_validator

from flows.language.node import Node, SecretRef, Slug

WEB_ADDRESS: Final = (
    r"^(?:https://[^\s@]+|env:[A-Za-z_][A-Za-z0-9_]*|file:[^\n]+|vault:[0-9A-Za-z-]{1,127})$"
)

WebAddress = Annotated[
    str,
    Field(
        pattern=WEB_ADDRESS,
        max_length=2_000,
        description="Its https address; where a key is part of it, where it is read from:"
        " `env:` and the name of a variable, `file:` and a path, or `vault:` and a name.",
        examples=["https://dispatch.example/hooks/jobs"],
    ),
]


class HttpOutlet(Node):
    """An address that `webhook.call` posts JSON to: a program, or a Logic App of Azure."""

    uses: Literal["http"] = Field(description="An address that takes JSON by POST.")
    url: WebAddress
    secret: SecretRef | None = Field(
        default=None,
        description="Signs each call, so that the other side knows who calls: base64 of 24 to"
        " 64 random bytes, after `whsec_` or not.",
        examples=["env:DISPATCH_SECRET"],
    )
    token: SecretRef | None = Field(
        default=None,
        description="Goes along as `Authorization: Bearer`, where the other side asks for it.",
        examples=["env:DISPATCH_TOKEN"],
    )
    idempotent: Annotated[bool, Strict()] = Field(
        default=False,
        description="true if the other side takes a call with an `Idempotency-Key` that it"
        " has had already for the same one; then a call whose answer was lost is made again"
        " instead of being left to a person.",
    )


class TeamsOutlet(Node):
    """A channel or a chat in Microsoft Teams that `teams.post` writes to."""

    uses: Literal["teams"] = Field(description="A channel or a chat in Microsoft Teams.")
    source: Slug | None = Field(
        default=None,
        description="A source that `uses: outlook`: whoever signed in there is the author.",
        examples=["office"],
    )
    team: str | None = Field(
        default=None,
        pattern=r"^[0-9a-fA-F-]{36}$",
        description="ID of the team (`groupId` in the link to the team).",
        examples=["11111111-2222-3333-4444-555555555555"],
    )
    channel: str | None = Field(
        default=None,
        pattern=r"^19:[A-Za-z0-9_@.=-]{1,200}$",
        description="ID of the channel, with `team`.",
        examples=["19:4a95f7d8db4c4e7fae857bcebe0623e6@thread.tacv2"],
    )
    chat: str | None = Field(
        default=None,
        pattern=r"^19:[A-Za-z0-9_@.=-]{1,200}$",
        description="Instead of `team` and `channel`: ID of a chat.",
        examples=["19:2da4c29f6d7041eca70b638b43d45437@thread.v2"],
    )
    workflow: SecretRef | None = Field(
        default=None,
        description="Instead of all these, with nobody signed in: where the address of a"
        " Teams workflow (When a webhook request is received) is read from.",
        examples=["env:TEAMS_WORKFLOW"],
    )

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if self.workflow is not None:
            fits = not (self.source or self.team or self.channel or self.chat)
        else:
            whole = self.team is not None and self.channel is not None
            part = self.team is not None or self.channel is not None
            fits = self.source is not None and (self.chat is not None) != part
            fits = fits and (whole or not part)
        if not fits:
            raise ValueError(
                "give 'source' with 'team' and 'channel', 'source' with 'chat', or 'workflow'"
            )
        return self


class FolderOutlet(Node):
    """A folder that `file.write` puts files into."""

    uses: Literal["folder"] = Field(description="A folder.")
    path: str = Field(
        min_length=1, description="Relative to flows.yaml, or absolute.", examples=["papers"]
    )


OutletSpec = Annotated[HttpOutlet | TeamsOutlet | FolderOutlet, Field(discriminator="uses")]

KINDS: Final = ("http", "teams", "folder")
"""What an outlet can use."""
