"""No byte on the disk tells a key, a token, or what a mail said of people, at any time."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import zlib
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import yaml

from connectors.key_file import NAME
from tests.connectors.sign_ins import MAIL, fields, identity, public_app
from tests.faults.recording import Event, events_in, recorder, recording
from tests.portal.conftest import PROGRAM, ROOT, Ran
from tests.portal.marked import MARKS, write_marked
from tests.portal.secrets_found import files, forms, keys_of, tokens_in, words_in

if TYPE_CHECKING:
    from tests.servers.certificates import Certificates
    from tests.servers.openid import OpenIdProvider

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

MAILS: dict[str, dict[str, Any]] = yaml.safe_load(
    (ROOT / "tests/mails/expected.yaml").read_text("utf-8")
)["mails"]


@pytest.mark.parametrize("before", [b"", b"x", b"xy"])
def test_the_search_finds_what_is_hidden(before: bytes) -> None:
    """A key and a word, in every form, wherever in other bytes they begin."""
    key = bytes(range(120, 152))
    for text in (
        key,
        key.hex().encode(),
        base64.b64encode(before + key + b"z"),
        base64.urlsafe_b64encode(before + key),
        repr({"key": key}).encode(),
    ):
        assert any(form in before + text + b"z" for form in forms(key))
    word = b"call Ombrelquist!"
    for text in (word, base64.b64encode(before + word), zlib.compress(before + word)):
        assert words_in(os.urandom(50) + text, {"Ombrelquist"}) == {"Ombrelquist"}
    assert words_in(json.dumps("\u00d6mbrel").encode(), {"\u00d6mbrel"}) == {"\u00d6mbrel"}


def test_no_key_is_in_any_file_but_its_own(demo: Ran) -> None:
    """Of the installation, of the business, derived: in no form, in no file of the run."""
    keys = demo.look(keys_of)

    looked = [*files(demo.home, demo.temporary)]

    assert _holding(keys, looked) == set()
    assert len(keys) >= 6
    assert {"jigajob.db", "prefect.db", "notices.log"} <= {path.name for path, _ in looked}


def _holding(keys: dict[str, bytes], looked: list[tuple[Path, bytes]]) -> set[tuple[str, str]]:
    return {
        (name, path.name)
        for name, key in keys.items()
        for form in forms(key)
        for path, content in looked
        if form in content
    }


def test_what_a_run_leaves_in_temporary_files_tells_nothing(demo: Ran) -> None:
    """Nothing of the words that were taken out, nor of the fields that flows keep."""
    secret = {
        str(word)
        for mail in MAILS.values()
        for kind in ("personal", "minors", "hidden", "keep")
        for word in mail.get(kind, [])
        if len(str(word)) >= 5
    }

    assert len(secret) > 100
    for path, content in files(demo.temporary):
        assert words_in(content, secret) == set(), path


async def test_no_token_is_in_any_file_after_a_sign_in(
    demo: Ran, openid: OpenIdProvider, certificates: Certificates, tmp_path: Path
) -> None:
    """Neither while the home is open, its log with it, nor when it was closed."""
    home = tmp_path / "home"
    shutil.copytree(demo.home, home)
    user = f"office-{uuid4().hex[:8]}@hudson.example"
    openid.add_user(user)
    business = "hudson-bytes"
    async with identity(
        home, public_app(openid), ca=certificates.ca, business=business
    ) as ours:
        pending = await ours.start_browser(MAIL, "http://localhost", account=user)
        answer = fields(openid, pending.url, user)
        await ours.finish_browser(pending, answer)
        tokens = {answer["code"], await ours.tokens(user, MAIL).token()}
        async for row in ours._records.each("tokens"):
            tokens |= tokens_in((await ours._records.open_bytes(row)).decode())
        looked = [*files(home)]
    looked += files(home)

    assert len(tokens) >= 4
    assert any(path.name.endswith("-wal") for path, _ in looked)
    words = {piece for token in tokens for piece in (token, token[: len(token) // 2])}
    for path, content in looked:
        assert words_in(content, words) == set(), path


def test_nothing_is_written_even_for_a_moment(tmp_path: Path) -> None:
    """Of all that a run ever writes anywhere, also into files that are gone by its end."""
    write_marked(tmp_path, mails=12)
    home, log = tmp_path / "home", tmp_path / "written.log"
    (tmp_path / "temporary").mkdir()
    done = subprocess.run(
        [*PROGRAM, "run", "--home", home],
        cwd=tmp_path,
        env={
            **os.environ,
            **recording(recorder(tmp_path), log, ""),
            "PYTHONPATH": str(ROOT),
            "TMPDIR": str(tmp_path / "temporary"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    written = _written(events_in(log))
    keys = Ran(home, tmp_path / "flows.yaml", "", tmp_path).look(keys_of)

    ours = [(path, content) for path, content in written.items() if NAME not in path.name]
    assert _holding(keys, ours) == set()
    for path, content in ours:
        assert words_in(content, MARKS) == set(), path
    names = {path.name for path in written}
    assert {"jigajob.db-wal", "jigajob.db", "prefect.db-wal"} <= names
    own = [(path, content) for path, content in written.items() if NAME in path.name]
    assert {name for name, _ in _holding(keys, own)} == {"installation"}, (
        "it was seen to be made"
    )


def _written(events: list[Event]) -> dict[Path, bytes]:
    """Everything that was ever written to each file, one write after another."""
    written: defaultdict[Path, list[bytes]] = defaultdict(list)
    for event in events:
        if event.what == "w":
            written[Path(event.path)].append(event.data)
    return {path: b"".join(parts) for path, parts in written.items()}
