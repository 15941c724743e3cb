"""What mail brings along is cleaned like its text; what is not read is dropped, or sealed."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest

from flows.errors import Unopened
from flows.intake.sealed_files import CHUNK, KIND, PART, SealedFiles
from flows.model import CleanMessage
from flows.records import json_of
from portal.wiring import App
from tests.flows.business import FLOWS, Business
from tests.flows.intake import files
from tests.flows.test_mail_intake import TWO_SOURCES

SEALING = FLOWS.replace("    retention: 30d\n", "    retention: 30d\n    attachments: seal\n")
INVITATION = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:Boiler visit\r\n"
    "DTSTART:20261016T140000Z\r\nORGANIZER;CN=Ingrid Falkner:mailto:ingrid@falkner.example\r\n"
    "ATTENDEE;CN=Rolf Tannenberg:mailto:rolf@tannenberg.example\r\nGEO:42.6525;-73.7562\r\n"
    "DESCRIPTION:Rolf opens the cellar at 9.\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
CARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Rolf Tannenberg\r\nORG:Empire Pipe Supply\r\n"
    "TEL:+1 518 555 0188\r\nBDAY:1984-03-02\r\nEND:VCARD\r\n"
)
PERSONAL = (
    # From the text, and by it from file names; from properties, comments, the hidden sheet.
    "Lucas", "Brandt", "Oakfield", "Nora", "Wexler", "divorce", "4711", "555-0177",
    # From the calendar, the card, and the photo: where, by whom, with which camera.
    "Falkner", "falkner", "Tannenberg", "Rolf", "42.65", "555 0188", "1984-03-02", "SN-778",
    "Acme Phones", "nine",
)  # fmt: skip
BUSINESS = (
    "Estimate E-77", "Copper pipe", "$120.00", "Boiler Valve", "12.5", "Boiler visit",
    "Replace the boiler", "Prices hold for thirty days", "Empire Pipe Supply",
)  # fmt: skip


def attached_mail(*attached: tuple[str, str, bytes], text: str = "", name: str = "1") -> bytes:
    message = EmailMessage()
    message["From"] = "Maria Lopez <maria@lopez.example>"
    message["To"] = "office@hudson.example"
    message["Subject"] = "The boiler is cold"
    message["Message-ID"] = f"<{name}@lopez.example>"
    message["Date"] = "Mon, 05 Oct 2026 09:30:00 -0400"
    message.set_content(text or "No heat since Monday.")
    for file_name, media_type, content in attached:
        kind, _, sub = media_type.partition("/")
        message.add_attachment(content, maintype=kind, subtype=sub, filename=file_name)
    return message.as_bytes()


def _everything() -> bytes:
    return attached_mail(
        ("GloriaBrandt_estimate.docx", "application/octet-stream", files.word()),
        ("prices.xlsx", "application/octet-stream", files.sheet()),
        ("IMG_Lucas_room.jpg", "image/jpeg", files.photo((900, 900))),
        ("visit.ics", "text/calendar", INVITATION.encode()),
        ("tannenberg.vcf", "text/vcard", CARD.encode()),
        ("pictures.zip", "application/zip", files.archive({"LucasBirthday.png": b"x"})),
        text="My son Lucas took the photo. Gloria Brandt wrote the estimate.",
    )


def _opened(messages: list[CleanMessage]) -> str:
    return json.dumps([json_of(message) for message in messages], ensure_ascii=False)


def _stored(business: Business) -> bytes:
    return b"\n".join(
        path.read_bytes()
        for path in business.settings.home.rglob("*")
        if path.is_file() and "keys" not in path.parts
    )


async def test_nothing_personal_of_an_attachment_is_stored_and_business_is(
    business: Business,
) -> None:
    """DOCX, XLSX, photo, invitation, card and archive: in the store's bytes, and opened."""
    business.gets(_everything())
    await business.sweeps()

    (message,) = await business.messages()
    opened = _opened([message])
    stored = _stored(business)

    for value in PERSONAL:
        assert value not in opened, value
        assert value.encode() not in stored, value
    for value in BUSINESS:
        assert value in opened, value


async def test_the_record_says_what_was_not_read_and_what_was_left_out(
    business: Business,
) -> None:
    business.gets(_everything())
    await business.sweeps()

    (message,) = await business.messages()
    told = {each.name.rpartition(".")[2]: each for each in message.attachments}

    assert {name: each.read for name, each in told.items()} == {
        "docx": "whole", "xlsx": "whole", "jpg": "none", "ics": "whole", "vcf": "whole",
        "zip": "part",
    }  # fmt: skip
    assert "where it was taken" in told["jpg"].withheld
    assert "its author and other properties" in told["docx"].withheld
    assert "listed, not read" in told["zip"].problem
    assert not any(each.sealed for each in message.attachments)


async def _files(app: App) -> dict[int, bytes | None]:
    (record,) = [each async for each in app.records.each("message")]
    store = SealedFiles(app.records)
    found = {number: await store.get(record.id, number) for number in range(7)}
    return {
        number: pieces and b"".join([piece async for piece in pieces])
        for number, pieces in found.items()
    }


async def test_what_is_not_read_is_dropped_unless_a_flow_asks_for_it(
    business: Business,
) -> None:
    business.gets(_everything())
    await business.sweeps()
    assert set((await business.asks(_files)).values()) == {None}


async def test_a_flow_may_have_what_is_not_read_sealed_for_the_owner(
    business: Business,
) -> None:
    """The photo and the archive come back to the byte; the store shows nothing of them."""
    business.writes(SEALING)
    business.gets(_everything())
    await business.sweeps()

    (message,) = await business.messages()
    found = await business.asks(_files)
    stored = _stored(business)

    assert [each.sealed for each in message.attachments] == [
        False, False, True, False, False, True,
    ]  # fmt: skip
    assert found[2] == files.photo((900, 900))
    assert [number for number, content in found.items() if content] == [2, 5]
    for value in PERSONAL:
        assert value.encode() not in stored, value


async def test_a_file_larger_than_a_record_is_kept_in_pieces(business: Business) -> None:
    """And goes with its mail: when that expires, no piece of it is there."""
    film = os.urandom(2 * CHUNK + 7)
    business.writes(SEALING)
    business.gets(attached_mail(("film.mp4", "video/mp4", film)))
    await business.sweeps()

    assert (await business.asks(_files))[0] == film
    expiries = await business.asks(_expiries)
    assert len(expiries) == 5, "the mail, the file, its three parts"
    assert len(set(expiries)) == 1
    business.clock.passes(days=31)
    assert await business.asks(_expiries) == []


async def _expiries(app: App) -> list[timedelta]:
    return [
        record.expires_at
        for kind in ("message", KIND, PART)
        async for record in app.records.each(kind)
    ]


async def test_a_copy_of_the_mail_that_is_kept_longer_keeps_its_files_longer(
    business: Business,
) -> None:
    """Two flows want the mail, only the first the file: it lasts as long as the mail."""
    sealing = TWO_SOURCES.replace(
        "    retention: 30d\n", "    retention: 30d\n    attachments: seal\n"
    )
    alone, _, more = sealing.partition("  - id: both")
    business.writes(alone)
    raw = _everything()
    business.gets(raw)
    (business.folder / "yard").mkdir()
    await business.sweeps()
    business.writes(f"{alone}  - id: both{more}")
    business.gets(raw, "yard/1.eml")
    await business.sweeps()

    (message,) = await business.messages()
    assert [each.name.rpartition(".")[2] for each in message.attachments if each.sealed] == [
        "jpg", "zip",
    ]  # fmt: skip
    assert len(set(await business.asks(_expiries))) == 1
    business.clock.passes(days=365)
    assert (await business.asks(_files))[2] == files.photo((900, 900))


@pytest.mark.parametrize("flows", [FLOWS, SEALING])
async def test_personal_mail_leaves_no_attachment(business: Business, flows: str) -> None:
    """What is skipped is not kept, sealed or not."""
    business.writes(flows)
    raw = attached_mail(("IMG_1.jpg", "image/jpeg", files.photo()), text="x")
    business.gets(raw.replace(b"Subject:", b"Auto-Submitted: auto-replied\nSubject:"))
    done = await business.sweeps()
    assert done.sources["office"].skipped == {"auto_reply": 1}
    assert await business.asks(_expiries) == []


async def test_of_the_header_only_what_the_work_needs_is_stored(business: Business) -> None:
    """Not where the mail came from, with which program, or who else got it."""
    raw = attached_mail(text="No heat.").replace(
        b"To: office",
        b"Received: from [198.51.100.7] (tims-ipad.lan) by mx.example;"
        b" Mon, 5 Oct 2026 13:30:00 +0000\n"
        b"X-Originating-IP: [198.51.100.8]\nX-Mailer: Tannenberg Mail 3\nX-Child: Tim\n"
        b"Cc: Rolf Tannenberg <rolf@tannenberg.example>\nBcc: ingrid@falkner.example\n"
        b"Comments: Tim is nine\nKeywords: divorce\n"
        b"Delivered-To: falkner@hudson.example\nThread-Topic: Tim\nTo: office",
        1,
    )
    business.gets(raw)
    await business.sweeps()

    (message,) = await business.messages()
    opened = _opened([message])
    for value in ("198.51", "ipad", "Tannenberg", "rolf", "ingrid", "divorce", "Tim", "nine",
                  "falkner"):  # fmt: skip
        assert value not in opened, value
    assert message.kept.pop("mail.native_id").startswith("file:1.eml#")
    assert message.kept == {
        "customer.name": "Maria Lopez",
        "customer.email": "maria@lopez.example",  # what a reply needs
        "mail.message_id": "<1@lopez.example>",
        "mail.own_address": "office@hudson.example",
    }


async def test_a_mail_that_is_attached_is_cleaned_with_what_is_attached_to_it(
    business: Business,
) -> None:
    """Its people are looked for everywhere; its own attachments are attachments, too."""
    inner = attached_mail(
        ("RolfTannenberg.csv", "text/csv", b"Tenant,Age\nIngrid Falkner,9\n"),
        text="Rolf lives on the second floor. The shut-off valve drips.",
        name="inner",
    ).replace(
        b"Maria Lopez <maria@lopez.example>", b"Rolf Tannenberg <rolf@tannenberg.example>"
    )
    outer = attached_mail(
        ("fw.eml", "application/octet-stream", b"x"), text="As Ingrid says, see below."
    )
    outer = outer.replace(b"application/octet-stream", b"message/rfc822", 1)
    head, _, _ = outer.partition(b"Content-Transfer-Encoding: base64")
    boundary = outer.rstrip().rpartition(b"\n")[2]
    business.gets(head.rstrip() + b"\n\n" + inner + b"\n" + boundary + b"\n")
    await business.sweeps()

    (message,) = await business.messages()
    opened = _opened([message])
    assert [each.media_type for each in message.attachments] == ["message/rfc822", "text/csv"]
    assert "The shut-off valve drips." in message.attachments[0].text
    for value in ("Rolf", "rolf", "Tannenberg", "tannenberg", "Ingrid", "Falkner"):
        assert value not in opened, value


async def test_a_folder_that_is_named_after_somebody_is_not(business: Business) -> None:
    """The clean mail says `Clients/<PERSON_1>`; an ordinary folder stays as it is."""
    business.gets(attached_mail(), "mail/Clients/Thomas Wexler/1.eml")
    business.gets(attached_mail(name="2", text="Other"), "mail/Sent Items/2.eml")
    await business.sweeps()

    found = sorted(message.folder for message in await business.messages())
    assert found[1] == "Sent Items"
    assert found[0].startswith("Clients/<")
    assert "Wexler" not in found[0]


async def test_who_wrote_the_mail_is_no_stranger_for_having_written_the_file(
    business: Business,
) -> None:
    """A kept name stays in the text, though a card, a file or a guest list has it, too."""
    business.writes(FLOWS.replace("  domains:", "  people: [Dave Kowalski]\n  domains:"))
    card = CARD.replace("Rolf Tannenberg", "Maria Lopez").encode()
    guests = INVITATION.replace("Rolf Tannenberg", "Dave Kowalski").encode()
    files_ = (("a.vcf", "text/vcard", card), ("b.ics", "text/calendar", guests))
    business.gets(attached_mail(*files_, text="Dave came on Monday. Maria Lopez"))
    await business.sweeps()

    (message,) = await business.messages()
    assert message.text.strip() == "Dave came on Monday. Maria Lopez"
    assert "Falkner" not in _opened([message])


async def _keep(app: App, content: bytes) -> SealedFiles:
    store = SealedFiles(app.records)
    await store.put("m", {0: content}, expires_at=app.clock.now() + timedelta(days=9))
    return store


async def _read(store: SealedFiles) -> bytes | None:
    pieces = await store.get("m", 0)
    return pieces and b"".join([piece async for piece in pieces])


async def test_a_file_whose_parts_were_changed_is_refused(business: Business) -> None:
    """Swapped, removed, or cut off by a count that somebody lowered."""

    async def work(app: App) -> None:
        store, place = await _keep(app, os.urandom(2 * CHUNK + 7)), app.records.key
        parts = [part async for part in app.records.each(PART)]
        swapped = [replace(parts[at], sealed=parts[at - 1].sealed) for at in range(len(parts))]
        (file,) = [each async for each in app.records.each(KIND)]
        fewer = replace(file, fields={**file.fields, "parts": 2})
        for changed in ([*swapped], [fewer]):
            for record in changed:
                await app.records.store.put(place, record)
            with pytest.raises(Unopened):
                await _read(store)
            for record in (*parts, file):
                await app.records.store.put(place, record)
        assert await _read(store)
        await app.records.store.delete(place, PART, parts[0].id)
        with pytest.raises(Unopened):
            await _read(store)

    await business.asks(work)


async def test_two_workers_that_keep_the_same_file_at_once_leave_one_that_opens(
    business: Business,
) -> None:
    async def work(app: App) -> None:
        content = os.urandom(CHUNK + 7)
        stores = await asyncio.gather(*(_keep(app, content) for _ in range(4)))
        assert await _read(stores[0]) == content

    await business.asks(work)


async def test_a_file_that_the_release_before_has_kept_still_opens(
    business: Business,
) -> None:
    """There each part was a value sealed by itself."""

    async def work(app: App) -> None:
        records, content = app.records, os.urandom(2_000_000)
        for chunk, start in enumerate((0, 1_900_000)):
            record = await records.seal_bytes(
                KIND,
                await records.record_id(KIND, "m", "0", str(chunk)),
                content[start : start + 1_900_000],
                {"message": "m", "number": 0, "chunk": chunk, "chunks": 2},
                expires_at=app.clock.now() + timedelta(days=1),
            )
            await records.store.put(records.key, record)
        store = SealedFiles(records)
        assert await _read(store) == content
        until = app.clock.now() + timedelta(days=9)
        await store.prolong("m", [0], expires_at=until)
        assert {each.expires_at async for each in records.each(KIND)} == {until}

    await business.asks(work)
