"""Template files: beside flows.yaml or in `templates/` beside it, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from flows.errors import OperatorError
from flows.language.spec import FlowsFile, FlowSpec
from flows.language.words import quoted, suggestion

OPTION: Final = "template"
"""The option under `with` that names a template file, whatever the step."""

FOLDER: Final = "templates"
MAX_BYTES: Final = 256_000


class TemplateFault(Exception):
    """A template file cannot be used: what is wrong, and what to do."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what)
        self.what, self.fix = what, fix


def template_names(flow: FlowSpec) -> tuple[str, ...]:
    """Return the template files that the steps of a flow name, in their order, each once."""
    named = (step.options.get(OPTION) for step in flow.steps)
    return tuple(dict.fromkeys(name for name in named if isinstance(name, str) and name))


def read_templates(path: Path, file: FlowsFile) -> Mapping[str, str]:
    """Return the text of every template that *file*, read from *path*, names.

    Raises:
        OperatorError: One of them cannot be read.
    """
    texts: dict[str, str] = {}
    for name in (name for flow in file.flows for name in template_names(flow)):
        try:
            texts[name] = read_template(path.parent, name)[1]
        except TemplateFault as fault:
            raise OperatorError(fault.what, fix=fault.fix) from None
    return texts


def read_template(folder: Path, name: str) -> tuple[Path, str]:
    """Return where the template *name* lies, and its text; *folder* is that of flows.yaml.

    Raises:
        TemplateFault: There is none, it lies elsewhere, or it is no text.
    """
    shown = quoted(name)
    if not name.isprintable() or "\\" in name or ":" in name or Path(name).is_absolute():
        fix = f"write its name, relative to flows.yaml; keep it beside that or in {FOLDER}/"
        raise TemplateFault(f"{shown} is not the name of a template file", fix)
    root = folder.resolve()
    for place in (folder / name, folder / FOLDER / name):
        try:
            if not place.resolve().is_relative_to(root):
                fix = f"keep templates beside flows.yaml or in {FOLDER}/"
                raise TemplateFault(f"the template {shown} lies outside the folder", fix)
            if place.is_file():
                return place, _text(place, shown)
        except (OSError, ValueError, RuntimeError):  # unreadable, too long, a loop of links
            continue
    known = template_files(folder)
    fix = f"write the file, beside flows.yaml or in {FOLDER}/"
    fix = f"{fix}, or {suggestion(name, known)}" if known else fix
    raise TemplateFault(f"there is no template {shown} beside the flows file", fix)


def _text(place: Path, shown: str) -> str:
    if place.stat().st_size > MAX_BYTES:
        raise TemplateFault(f"the template {shown} is larger than 256 kB", "shorten it")
    try:
        return place.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        fix = "save it as UTF-8"
        raise TemplateFault(f"the template {shown} is not UTF-8 text", fix) from None


def template_files(folder: Path) -> list[str]:
    """Return the names of what looks like a template, for a suggestion."""
    found = [*folder.glob("*.j2"), *(folder / FOLDER).glob("*")]
    return sorted({place.name for place in found if not place.name.startswith(".")})
