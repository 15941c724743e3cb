"""What every vault promises. Subclass `VaultContract`, say how to open one, and run it.

    class TestMyVault(VaultContract):
        @pytest.fixture
        def open_vault(self, tmp_path):
            return lambda name: MyVault(tmp_path / name)

`open_vault` returns a function; the same name opens the same vault again, another name one
with other keys, and "empty" one without any. Whoever opens vaults that hold connections closes
them at the end of the fixture. Where newer wrapping keys are not made by `renew` alone,
override `newer` as well.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from flows.errors import AdministratorError
from flows.ports import Vault

DATA_KEY = bytes(range(100, 132))


class VaultContract:
    """The whole contract; `open_vault` is to be overridden."""

    @pytest.fixture
    def open_vault(self) -> Callable[[str], Vault]:
        raise NotImplementedError("override open_vault: see the module's first lines")

    @pytest.fixture
    def newer(self) -> Callable[[Vault], Awaitable[None]]:
        """Make a newer wrapping key in the vault "ours", as its keepers do."""
        return lambda vault: vault.renew()

    @pytest.fixture
    def vault(self, open_vault: Callable[[str], Vault]) -> Vault:
        return open_vault("ours")

    async def test_what_was_wrapped_is_unwrapped_by_the_same_vault_opened_again(
        self, vault: Vault, open_vault: Callable[[str], Vault]
    ) -> None:
        wrapped = await vault.wrap("hudson", DATA_KEY)
        assert await vault.unwrap("hudson", wrapped) == DATA_KEY
        assert await open_vault("ours").unwrap("hudson", wrapped) == DATA_KEY

    async def test_the_wrapped_key_does_not_show_the_key(self, vault: Vault) -> None:
        wrapped = await vault.wrap("hudson", DATA_KEY)
        assert all(DATA_KEY[n : n + 4] not in wrapped for n in range(29))

    async def test_another_vault_does_not_unwrap_it(
        self, vault: Vault, open_vault: Callable[[str], Vault]
    ) -> None:
        wrapped = await vault.wrap("hudson", DATA_KEY)
        other = open_vault("theirs")
        await other.wrap("hudson", DATA_KEY)
        with pytest.raises(AdministratorError):
            await other.unwrap("hudson", wrapped)

    async def test_an_empty_vault_unwraps_nothing_and_makes_no_key_for_it(
        self, vault: Vault, open_vault: Callable[[str], Vault]
    ) -> None:
        wrapped = await vault.wrap("hudson", DATA_KEY)
        for _ in range(2):
            with pytest.raises(AdministratorError):
                await open_vault("empty").unwrap("hudson", wrapped)

    async def test_the_key_of_one_business_is_not_unwrapped_for_another(
        self, vault: Vault
    ) -> None:
        wrapped = await vault.wrap("hudson", DATA_KEY)
        with pytest.raises(AdministratorError):
            await vault.unwrap("hudson2", wrapped)

    async def test_a_damaged_wrapped_key_is_refused_and_not_shown(self, vault: Vault) -> None:
        wrapped = await vault.wrap("hudson", DATA_KEY)
        flipped = [
            wrapped[:n] + bytes([wrapped[n] ^ 1]) + wrapped[n + 1 :]
            for n in range(len(wrapped))
        ]
        for damaged in (*flipped, b"", b"x", wrapped[:-1], wrapped + b"x", wrapped[:-8]):
            with pytest.raises(AdministratorError) as caught:
                await vault.unwrap("hudson", damaged)
            assert caught.value.fix
            assert DATA_KEY.hex() not in str(caught.value)

    @pytest.mark.parametrize("size", [0, 16, 31, 33])
    async def test_only_keys_of_32_bytes_are_wrapped(self, vault: Vault, size: int) -> None:
        with pytest.raises(ValueError, match="32 bytes"):
            await vault.wrap("hudson", bytes(size))

    async def test_racing_first_calls_agree_on_one_wrapping_key(
        self, open_vault: Callable[[str], Vault]
    ) -> None:
        vaults = [open_vault("new") for _ in range(8)]
        wrapped = await asyncio.gather(*(v.wrap("hudson", DATA_KEY) for v in vaults))
        for vault in vaults:
            for one in wrapped:
                assert await vault.unwrap("hudson", one) == DATA_KEY

    async def test_a_newer_wrapping_key_takes_over_and_the_older_ones_still_unwrap(
        self,
        vault: Vault,
        open_vault: Callable[[str], Vault],
        newer: Callable[[Vault], Awaitable[None]],
    ) -> None:
        wrapped = [await vault.wrap("hudson", DATA_KEY)]
        assert await vault.is_newest("hudson", wrapped[-1])
        for _ in range(2):
            await newer(vault)
            wrapped.append(await vault.wrap("hudson", DATA_KEY))
            for each in (vault, open_vault("ours")):
                assert [await each.is_newest("hudson", one) for one in wrapped] == [
                    *([False] * (len(wrapped) - 1)),
                    True,
                ]
                for one in wrapped:
                    assert await each.unwrap("hudson", one) == DATA_KEY
        with pytest.raises(AdministratorError):
            await vault.unwrap("hudson2", wrapped[0])

    async def test_racing_renewals_lose_no_key(
        self, vault: Vault, open_vault: Callable[[str], Vault]
    ) -> None:
        await vault.wrap("hudson", DATA_KEY)

        async def renewed(one: Vault) -> bytes:
            await one.renew()
            return await one.wrap("hudson", DATA_KEY)

        wrapped = await asyncio.gather(*(renewed(open_vault("ours")) for _ in range(8)))
        for one in wrapped:
            assert await vault.unwrap("hudson", one) == DATA_KEY
