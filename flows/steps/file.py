"""`file.write`: a text as a file in a folder."""

from __future__ import annotations

from typing import Final

from pydantic import Field, JsonValue, field_validator

from flows.language.kinds import TEXT, one_of
from flows.language.node import Node, Slug
from flows.safe_names import NAME_SUFFIXES, folder_fault, safe_name
from flows.steps.contract import ANY, Draft, Step, StepContext, StepResult

_MOST: Final = 1_000_000


class Options(Node):
    """A text file in a folder; one of that name that is there already is never written over."""

    to: Slug = Field(
        description="An outlet under `outlets` that `uses: folder`.", examples=["papers"]
    )
    folder: str = Field(
        default="",
        max_length=200,
        description="A folder below it, without templates; made where it is missing.",
        examples=["jobs/new"],
    )
    name: str = Field(
        min_length=1,
        description="Name of the file; what no file can bear becomes a hyphen. It ends in"
        f" {', '.join(NAME_SUFFIXES)}, else .txt is added.",
        examples=["{{ steps.job.job }}.txt"],
    )
    text: str = Field(min_length=1, description="What is in it.")

    @field_validator("folder")
    @classmethod
    def _below(cls, folder: str) -> str:
        if fault := folder_fault(folder):
            raise ValueError(fault)
        return folder


def run(_: StepContext, options: Options) -> StepResult:
    """Propose the file."""
    name = safe_name(options.name)
    body: dict[str, JsonValue] = {
        "folder": options.folder,
        "name": name,
        "text": options.text[:_MOST],
    }
    draft = Draft(body=body, summary=f"Write {name} to {options.to}", into=options.to)
    return StepResult(values={"status": "written", "name": name}, outputs=(draft,))


STEP: Final = Step(
    uses="file.write",
    summary="Writes a text file into a folder.",
    options=Options,
    run=run,
    on=ANY,
    returns=lambda _: {"status": one_of("written"), "name": TEXT},
)
