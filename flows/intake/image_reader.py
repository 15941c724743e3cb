"""What a picture says about people beside what it shows: seen, told, never kept.

Pixels are not decoded, so a picture of any size costs its header only.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from flows.intake.reading import Reading, Unreadable, party
from flows.model import Party

if TYPE_CHECKING:
    from PIL.Image import Exif, Image

FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "MPO")
UNSEEN: Final = "a picture: what it shows was not read"

WHERE: Final = "where it was taken"
WHO: Final = "who took it or owns the camera"
SERIAL: Final = "the serial number of the camera"
WHEN: Final = "when it was taken"
DEVICE: Final = "the make of the camera or phone"
WORDS: Final = "a title, caption or comment"
MAKER: Final = "the maker's own notes"
SMALL: Final = "a small copy of the picture"

TAGS: Final[Mapping[int, str]] = {
    0x010E: WORDS, 0x9C9B: WORDS, 0x9C9C: WORDS, 0x9C9E: WORDS, 0x9C9F: WORDS, 0x9286: WORDS,
    0x013B: WHO, 0x8298: WHO, 0x9C9D: WHO, 0xA430: WHO,
    0xA431: SERIAL, 0xA435: SERIAL, 0xA420: SERIAL, 0xC62F: SERIAL,
    0x0132: WHEN, 0x9003: WHEN, 0x9004: WHEN,
    0x010F: DEVICE, 0x0110: DEVICE, 0x013C: DEVICE, 0xA433: DEVICE, 0xA434: DEVICE,
    0x927C: MAKER, 0x0201: SMALL,
}  # fmt: skip
"""What each EXIF tag tells. Source: CIPA DC-008 (Exif 3.0), tables 4, 7, 8 and 17; the
0x9C9x tags are those of Windows."""

NAMES: Final = (0x013B, 0x9C9D, 0xA430)
POSITION: Final = 0x8825
BLOCKS: Final = (0x8769, 0xA005)
SMALL_PICTURE: Final = 1
INFO: Final[Mapping[str, str]] = {
    "comment": WORDS, "xmp": WORDS, "XML:com.adobe.xmp": WORDS, "photoshop": WORDS,
    "Comment": WORDS, "Title": WORDS, "Description": WORDS, "Author": WHO, "Copyright": WHO,
    "Creation Time": WHEN, "Source": DEVICE, "Software": DEVICE,
}  # fmt: skip
"""What the texts beside a picture tell, in PNG, GIF, WEBP and JPEG."""

KNOWN_INFO: Final = frozenset(
    {
        "jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "exif", "icc_profile",
        "adobe", "adobe_transform", "progression", "progressive", "gamma", "srgb",
        "chromaticity",
        "transparency", "version", "background", "duration", "loop", "extension", "interlace",
        "compression", "aspect", "mp", "mpoffset", "timestamp", "default_image", "resolution",
    }
)  # fmt: skip


def read_image(content: bytes) -> Reading:
    """Return what kinds of things a picture tells about people, and whom it names.

    No text comes of it, and nothing of what it tells: a statement that it was there.

    Raises:
        Unreadable: It is no picture of a known format.
    """
    # Only the reader process needs it.
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - see above

    Image.MAX_IMAGE_PIXELS = None  # the limit is for who decodes pixels
    told: dict[str, None] = {}
    people: dict[Party, None] = {}
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            for statement in _told(image, people):
                told[statement] = None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, TypeError, KeyError,
            IndexError, AttributeError, ZeroDivisionError, OverflowError):  # fmt: skip
        if not told:
            raise Unreadable("a picture whose details could not be read") from None
    return Reading(read="none", problem=UNSEEN, withheld=tuple(told), people=tuple(people))


def _told(image: Image, people: dict[Party, None]) -> Iterator[str]:
    exif = image.getexif()
    for tag, value in _tags(exif):
        if tag in TAGS and _says(value):
            yield TAGS[tag]
        if tag in NAMES and (who := party(_words(value))):
            people[who] = None
    if exif.get_ifd(POSITION):
        yield WHERE
    if image.format == "JPEG" and exif.get_ifd(SMALL_PICTURE):
        yield SMALL
    for name, value in image.info.items():
        if name in KNOWN_INFO or not _says(value):
            continue
        # Any other text was written by a program that we do not know.
        yield INFO.get(str(name), WORDS)
        if name == "Author" and (who := party(_words(value))):
            people[who] = None
    if image.format == "PNG" and getattr(image, "text", None):
        yield WORDS


def _tags(exif: Exif) -> Iterator[tuple[int, object]]:
    yield from exif.items()
    for block in BLOCKS:
        yield from exif.get_ifd(block).items()


def _says(value: object) -> bool:
    if isinstance(value, bytes):
        return bool(value.strip(b"\0 "))
    return bool(value.strip("\0 ")) if isinstance(value, str) else value is not None


def _words(value: object) -> str:
    if isinstance(value, bytes):
        codec = "utf-16-le" if b"\0" in value[:4] else "utf-8"
        value = value.decode(codec, "replace")
    return str(value).replace("\0", " ").strip()
