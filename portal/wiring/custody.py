"""The store of one business, its keys and its audit log, open, without sources and outlets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flows.audit import Act, Audit
from flows.errors import AdministratorError, NothingKept, StaleRecord
from flows.folders import make_folder
from flows.keys.records import ROTATING, StoredKeys, has_sealed, read_keys
from flows.keys.rotation import SETTLED_AFTER, Rotating, Rotation, began_at
from flows.language.load import business_of
from flows.ports import Clock, Store, Vault
from flows.records import INTAKE, Records
from flows.schema import Standings
from flows.sealing import Keyring
from portal.settings import Settings
from portal.wiring.audit import open_audit
from portal.wiring.in_force import check_before
from portal.wiring.keys import open_vault
from portal.wiring.stores import is_there, open_store


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Custody:
    """The store of one business and the keys to it, without its sources and outlets.

    *keys* are those that it had when it was opened.
    """

    business: str
    store: Store
    vault: Vault
    keyring: Keyring
    clock: Clock
    records: Records
    audit: Audit
    keys: StoredKeys

    async def check(self) -> None:
        """Refuse a store with which nobody can work as it is.

        Raises:
            AdministratorError: Its keys were destroyed, a restore has not ended, or another
                release has written the data.
        """
        # Of a business that was shredded there is nothing, which must not look like a new one.
        self.keys.checked()
        await Standings(self.store, self.business).check()

    async def end_rotation(self) -> Rotation | None:
        """Go on with a rotation whose old keys nobody holds any more; None where none is.

        Raises:
            TransientError, AdministratorError: From the store or the vault; nothing is lost,
                and the rotation goes on the next time.
        """
        now, keys = self.clock.now(), self.keys
        if keys.state != ROTATING or now < began_at(keys) + SETTLED_AFTER:
            return None
        rotating = Rotating(self.store, self.vault, self.keyring, self.business, self.clock)
        async with self.audit.engine.act(Act(action="keys.rotate", authority="run")):
            with suppress(StaleRecord):  # somebody else is at it
                return await rotating.rotate()
        return None


@asynccontextmanager
async def open_custody(
    settings: Settings, clock: Clock | None = None, *, new: bool = True, half: bool = False
) -> AsyncIterator[Custody]:
    """Give the store and the keys of the business of the flows file; close them at the end.

    A business of which nothing is kept is begun only where it may be *new*, one that is not
    restored to its end is opened only where *half* of it will do.

    Raises:
        FlowsFileError: The flows file does not say which business it is of.
        NothingKept: Nothing is kept of the business there; then nothing was made either.
        AdministratorError: The home cannot be used, the vault is none, or a restore has not
            ended.
    """
    business = business_of(settings.flows)
    if new:
        check_before(settings)
        make_home(settings.home)
    elif not is_there(settings):
        raise _nothing_kept(settings, business)
    async with opened(settings, business, clock, new=new, half=half) as custody:
        yield custody


@asynccontextmanager
async def opened(
    settings: Settings,
    business: str,
    clock: Clock | None,
    *,
    new: bool = True,
    half: bool = False,
) -> AsyncIterator[Custody]:
    """Give the store and the keys of *business*, as `open_custody`; its home is there."""
    clock = clock or SystemClock()
    async with AsyncExitStack() as open_things:
        store = open_store(settings, clock)
        open_things.push_async_callback(store.close)
        keys = await read_keys(store, business)
        if not half:
            # Before all else: whatever is said of half a business leads astray.
            keys.restored()
        if not new:
            await _check_kept(settings, business, store, keys)
            make_home(settings.home)  # records and keys may lie elsewhere
        vault = await open_things.enter_async_context(open_vault(settings))
        keyring = Keyring(store, vault, clock=clock)
        records = Records(store, keyring, business, INTAKE)
        audit = await open_things.enter_async_context(open_audit(settings, records, clock))
        yield Custody(business, store, vault, keyring, clock, records, audit, keys)


async def _check_kept(
    settings: Settings, business: str, store: Store, keys: StoredKeys
) -> None:
    # Where the keys alone are lost, whoever needs them says so.
    if keys.root is None and not await has_sealed(store, business):
        raise _nothing_kept(settings, business)


def _nothing_kept(settings: Settings, business: str) -> NothingKept:
    return NothingKept(
        f"nothing is kept of {business} in {settings.kept_in}",
        fix="run first (jigajob run), or name the home with --home"
        + (" and the store with JIGAJOB_STORE" if settings.store else ""),
    )


def make_home(home: Path, said_by: str = "--home or JIGAJOB_HOME") -> None:
    """Make the folder of the home, for its owner alone; *said_by* says where it is.

    Raises:
        AdministratorError: It cannot be made there.
    """
    try:
        make_folder(home)
    except OSError as error:
        raise AdministratorError(
            f"cannot use {home}, the folder that {said_by} names ({error.strerror})",
            fix=f"choose another folder with {said_by}",
        ) from None
