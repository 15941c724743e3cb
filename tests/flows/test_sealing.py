"""What is sealed opens in its own place, under its own key, unaltered, and nowhere else."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.key_file import KeyFileVault
from connectors.sqlite import SqliteStore
from flows.errors import AdministratorError
from flows.ports import Key
from flows.sealing import CACHED_FOR, Keyring
from tests.contract.store_model import StoppedClock

SECRET = b"Maria Alvarez, 14 Elm Street, 555-0142. " * 20
PLACE = ("hudson", "mail", "m1")


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(datetime(2026, 3, 1, tzinfo=UTC))


@pytest.fixture
async def store(tmp_path: Path):
    store = SqliteStore(tmp_path / "store.db")
    yield store
    await store.close()


@pytest.fixture
def vault(tmp_path: Path) -> KeyFileVault:
    return KeyFileVault(tmp_path / "keys")


@pytest.fixture
def keyring(store: SqliteStore, vault: KeyFileVault, clock: StoppedClock) -> Keyring:
    return Keyring(store, vault, clock=clock)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(value=st.binary(max_size=300) | st.text().map(str.encode))
async def test_what_was_sealed_opens_again(keyring: Keyring, value: bytes) -> None:
    sealed = await keyring.seal(*PLACE, value)
    assert await keyring.open(*PLACE, sealed) == value
    assert len(sealed) <= len(value) + 34


async def test_text_is_sealed_smaller_than_it_was_and_shows_nothing(keyring: Keyring) -> None:
    sealed = await keyring.seal(*PLACE, SECRET)
    assert len(sealed) < len(SECRET) / 2
    assert b"Maria" not in sealed


async def test_sealing_twice_gives_different_bytes(keyring: Keyring) -> None:
    assert await keyring.seal(*PLACE, SECRET) != await keyring.seal(*PLACE, SECRET)


@pytest.mark.parametrize(
    "elsewhere",
    [
        ("other", "mail", "m1"),
        ("hudson", "job", "m1"),
        ("hudson", "mail", "m2"),
        ("hudson", "mai", "lm1"),
        ("hudson", 'mail", "m1', ""),
    ],
)
async def test_a_value_that_was_moved_does_not_open(
    keyring: Keyring, elsewhere: tuple[str, str, str]
) -> None:
    sealed = await keyring.seal(*PLACE, SECRET)
    await keyring.seal("other", "mail", "m1", SECRET)
    with pytest.raises(AdministratorError) as caught:
        await keyring.open(*elsewhere, sealed)
    _shows_nothing(caught.value)


async def test_no_single_flipped_bit_goes_unnoticed(keyring: Keyring) -> None:
    sealed = await keyring.seal(*PLACE, b"pay 100.00 to Maria")
    for at in range(len(sealed) * 8):
        altered = bytearray(sealed)
        altered[at // 8] ^= 1 << at % 8
        with pytest.raises(AdministratorError) as caught:
            await keyring.open(*PLACE, bytes(altered))
        _shows_nothing(caught.value)


async def test_nothing_but_the_whole_value_opens(keyring: Keyring) -> None:
    sealed = await keyring.seal(*PLACE, SECRET)
    for cut in (*(sealed[:n] for n in range(len(sealed))), sealed + b"x", SECRET):
        with pytest.raises(AdministratorError):
            await keyring.open(*PLACE, cut)


async def test_another_keyring_on_the_same_store_and_vault_opens_it(
    keyring: Keyring, store: SqliteStore, vault: KeyFileVault
) -> None:
    sealed = await keyring.seal(*PLACE, SECRET)
    assert await Keyring(store, vault).open(*PLACE, sealed) == SECRET


async def test_the_first_calls_of_many_keyrings_agree_on_one_key(
    store: SqliteStore, vault: KeyFileVault
) -> None:
    keyrings = [Keyring(store, vault) for _ in range(8)]
    sealed = await asyncio.gather(*(k.seal(*PLACE, SECRET) for k in keyrings))
    for opener in keyrings:
        for one in sealed:
            assert await opener.open(*PLACE, one) == SECRET
    assert await store.count(Key("hudson", "keys"), "key") == 2, "a root and a key that seals"


async def test_another_wrapping_key_opens_nothing(
    keyring: Keyring, store: SqliteStore, tmp_path: Path
) -> None:
    sealed = await keyring.seal(*PLACE, SECRET)
    other = KeyFileVault(tmp_path / "other")
    await other.wrap("hudson", bytes(32))
    with pytest.raises(AdministratorError) as caught:
        await Keyring(store, other).open(*PLACE, sealed)
    _shows_nothing(caught.value)


async def test_deleting_the_key_record_shreds_at_the_latest_after_the_cache_time(
    keyring: Keyring, store: SqliteStore, clock: StoppedClock
) -> None:
    sealed = await keyring.seal(*PLACE, SECRET)
    await store.purge(Key("hudson", "keys"))
    clock.at += CACHED_FOR - timedelta(seconds=1)
    assert await keyring.open(*PLACE, sealed) == SECRET
    clock.at += timedelta(seconds=1)
    for _ in range(2):
        with pytest.raises(AdministratorError, match="does not have"):
            await keyring.open(*PLACE, sealed)
    assert await store.count(Key("hudson"), "key") == 0, "opening must not make a key"


async def test_forgetting_shreds_at_once_and_a_new_key_opens_nothing_old(
    keyring: Keyring, store: SqliteStore
) -> None:
    sealed = await keyring.seal(*PLACE, SECRET)
    blind = await keyring.blind("hudson", "address", "a@hudson.example")
    await store.purge(Key("hudson", "keys"))
    keyring.forget("hudson")
    with pytest.raises(AdministratorError):
        await keyring.open(*PLACE, sealed)
    assert await keyring.blind("hudson", "address", "a@hudson.example") != blind
    with pytest.raises(AdministratorError, match="does not have"):
        await keyring.open(*PLACE, sealed)


async def test_a_keyring_notices_a_key_made_anew_elsewhere(
    keyring: Keyring, store: SqliteStore, vault: KeyFileVault
) -> None:
    await keyring.seal(*PLACE, SECRET)
    await store.purge(Key("hudson", "keys"))
    sealed = await Keyring(store, vault).seal(*PLACE, SECRET)
    assert await keyring.open(*PLACE, sealed) == SECRET


@pytest.mark.parametrize(
    "value", ["", "a@hudson.example", "é😀\n", "raw \udce9 byte", "\ud83d"]
)
async def test_a_blind_hash_is_stable_and_fit_as_a_record_id(
    keyring: Keyring, store: SqliteStore, vault: KeyFileVault, value: str
) -> None:
    blind = await keyring.blind("hudson", "address", value)
    assert re.fullmatch("[a-z2-7]{52}", blind)
    assert await Keyring(store, vault).blind("hudson", "address", value) == blind


async def test_hashes_and_subkeys_differ_by_business_purpose_and_use(keyring: Keyring) -> None:
    blinds = {
        await keyring.blind(business, purpose, value)
        for business in ("hudson", "other")
        for purpose in ("address", "message")
        for value in ("a", "b", "A", "a ")
    }
    assert len(blinds) == 16
    purposes = ("roster", "seal", "id", "blind/roster", "derive/roster", "")
    keys = {await keyring.derive(b, p) for b in ("hudson", "other") for p in purposes}
    assert len(keys) == 12
    assert {len(key) for key in keys} == {32}
    assert await keyring.derive("hudson", "roster") in keys


async def test_who_is_given_a_derived_key_cannot_make_blind_hashes(keyring: Keyring) -> None:
    blind = await keyring.blind("hudson", "roster", "a")
    for purpose in ("roster", "blind/roster"):
        key = await keyring.derive("hudson", purpose)
        digest = hmac.new(key, b"a", hashlib.sha256).digest()
        assert base64.b32encode(digest).decode().rstrip("=").lower() != blind


async def test_keys_show_neither_in_the_store_nor_in_reprs(
    keyring: Keyring, store: SqliteStore
) -> None:
    derived = await keyring.derive("hudson", "roster")
    (keys,) = keyring._keys.values()
    assert keys.root.hex() not in repr(keys)
    assert repr(keys.root) not in repr(vars(keyring))
    page = await store.query(Key("hudson", "keys"), "key")
    assert len(page.records) == 2
    for record in page.records:
        assert keys.root not in record.sealed
        assert derived not in record.sealed
        assert not record.fields.keys() - {"current"}


def _shows_nothing(error: AdministratorError) -> None:
    assert error.fix
    assert not re.search("Maria|Elm|555|100", f"{error!r} {error} {error.__cause__!r}")
