"""`jigajob teach`: the owner tells which mail was business, and which was private."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.errors import OperatorError
from portal.cli.options import (
    FlowsOption,
    HomeOption,
    JsonOption,
    passing_over,
    settings_of,
)

if TYPE_CHECKING:
    from flows.intake.personal_lessons import Lesson, Said
    from flows.intake.personal_teaching import Passed, Taught, Teacher
    from portal.settings import Settings
    from portal.wiring import App


MailArgument = Annotated[
    str, typer.Argument(metavar="[ID]", help="Id of a mail, or how it begins.")
]
BusinessOption = Annotated[
    bool, typer.Option("--business", help="It was business: read it again.")
]
PrivateOption = Annotated[
    bool, typer.Option("--private", help="It was private: keep nothing of it.")
]
PassedOption = Annotated[
    bool, typer.Option("--passed", help="Show what was passed over as private.")
]
ListOption = Annotated[bool, typer.Option("--list", help="Show what was taught so far.")]
ForgetOption = Annotated[
    str, typer.Option("--forget", metavar="LESSON", help="Take a lesson back.")
]


def add_to(app: typer.Typer) -> None:
    """Add this command to *app*."""
    app.command()(teach)


def teach(
    context: typer.Context,
    mail_id: MailArgument = "",
    business: BusinessOption = False,
    private: PrivateOption = False,
    passed: PassedOption = False,
    lessons: ListOption = False,
    forget: ForgetOption = "",
    home: HomeOption = None,
    flows: FlowsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Teach what is business and what is private.

    A lesson decides for its mail, and weighs a little for mail like it: of the same
    correspondent, or with the same kinds of signs. It holds no word of the mail.
    """
    chosen = [bool(mail_id and (business != private)), passed, lessons, bool(forget)]
    if sum(chosen) != 1 or (not mail_id and (business or private)):
        raise OperatorError(
            "one thing at a time is taught",
            fix="jigajob teach ID --business, or ID --private, or --passed, --list, "
            "--forget LESSON",
        )
    settings = settings_of(context, home, flows)
    if passed:
        _show_passed(asyncio.run(_passed(settings)), as_json=as_json)
    elif lessons:
        _show_lessons(asyncio.run(_lessons(settings)), as_json=as_json)
    elif forget:
        typer.echo(f"forgotten: {asyncio.run(_forget(settings, forget))[:12]}")
    else:
        said: Said = "business" if business else "private"
        _show_taught(asyncio.run(_teach(settings, mail_id, said)), as_json=as_json)


def _show_taught(taught: Taught, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(_row(taught.id, taught.lesson) | {"then": taught.then}))
        return
    typer.echo(f"learnt as {taught.lesson.said}: {taught.then}")
    typer.echo(f"  take it back: jigajob teach --forget {taught.id[:12]}")


def _show_passed(found: list[Passed], *, as_json: bool) -> None:
    for each in found:
        lies = each.pointer.native_id
        if as_json:
            row = {"id": each.id, "source": each.source, "day": each.day, "pointer": lies}
            typer.echo(json.dumps(row))
        else:
            typer.echo(f"{each.id[:12]}  {each.day}  {each.source}: {lies}")
    if not found and not as_json:
        typer.echo("no mail was passed over as private")


def _show_lessons(found: list[tuple[str, Lesson]], *, as_json: bool) -> None:
    for lesson_id, lesson in found:
        if as_json:
            typer.echo(json.dumps(_row(lesson_id, lesson)))
        else:
            day = lesson.taught_at.date().isoformat()
            signs = ", ".join(lesson.signs) or "no signs"
            typer.echo(f"{lesson_id[:12]}  {day}  {lesson.said}  {signs}")
    if not found and not as_json:
        typer.echo("nothing was taught yet; `jigajob teach --passed` shows what could be")


def _row(lesson_id: str, lesson: Lesson) -> dict[str, Any]:
    return {
        "id": lesson_id,
        "said": lesson.said,
        "taught_at": lesson.taught_at.isoformat(),
        "signs": list(lesson.signs),
    }


def _teacher(app: App) -> Teacher:
    from flows.intake.parties import OwnAddresses
    from flows.intake.personal_teaching import Teacher

    business = app.file.business
    own = OwnAddresses(business.domains, business.addresses)
    return Teacher(app.records, app.mailboxes, own=own, clock=app.clock, audit=app.audit)


async def _teach(settings: Settings, mail_id: str, said: Said) -> Taught:
    from portal.wiring import open_app

    async with open_app(settings, new=False) as app:
        return await _teacher(app).teach(mail_id, said)


async def _passed(settings: Settings) -> list[Passed]:
    from portal.wiring import open_app

    async with open_app(settings, new=False) as app:
        with passing_over(app) as shown:
            found = [each async for each in _teacher(shown).passed()]
        await app.audit.seen("teach --passed", (each.id for each in found), "arrival")
        return found


async def _lessons(settings: Settings) -> list[tuple[str, Lesson]]:
    from portal.wiring import open_app

    async with open_app(settings, new=False) as app:
        with passing_over(app) as shown:
            found = [each async for each in _teacher(shown).lessons()]
        await app.audit.seen("teach --list", (lesson_id for lesson_id, _ in found), "lesson")
        return found


async def _forget(settings: Settings, start: str) -> str:
    from portal.wiring import open_app

    async with open_app(settings, new=False) as app:
        return await _teacher(app).forget(start)
