"""The mailbox contract and the sign-in at a real Microsoft 365; see CONTRIBUTING.md.

`tests/test_live.py` runs this file against the stand-ins, so that it works when it is needed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Iterator

import pytest

from connectors.identity import Identity
from connectors.outlook import Graph
from flows.errors import AdministratorError
from tests.connectors.sign_ins import identity
from tests.contract.mailbox import MailboxPromises
from tests.live.tenant import PERSON, Folder, Tenant, tenant_of_environment


@pytest.fixture
def tenant() -> Tenant:
    return tenant_of_environment()


@pytest.fixture
async def ours(tenant: Tenant, tmp_path) -> AsyncIterator[Identity]:
    async with identity(tmp_path, tenant.app(), ca=tenant.settings.ca) as ours:
        yield ours


@pytest.fixture
async def graph(tenant: Tenant, ours: Identity) -> AsyncIterator[Graph]:
    graph = tenant.graph(ours.tokens(tenant.mailbox, tenant.scopes, app_only=True))
    yield graph
    await graph.close()


class TestMailbox(MailboxPromises):
    @pytest.fixture
    async def token(self, tenant: Tenant, ours: Identity) -> str:
        return await ours.tokens(tenant.mailbox, tenant.scopes, app_only=True).token()

    @pytest.fixture
    def holder(self, tenant: Tenant, graph: Graph, token: str) -> Iterator[Folder]:
        with Folder(tenant, graph, token) as folder:
            yield folder

    # Exchange writes each message anew: these speak of its very bytes.
    test_folder_and_size_are_told = None
    test_no_line_of_a_message_is_changed = None


class TestSignIn:
    async def test_the_app_reads_by_itself(self, tenant, graph):
        row = await graph.get(
            tenant.mailbox, f"/users/{tenant.mailbox}/mailFolders/inbox", {"$select": "id"}
        )
        assert row["id"]

    async def test_a_wrong_secret_is_told_to_the_administrator(self, tenant, tmp_path):
        wrong = tenant.secret[::-1]
        app = tenant.app(secret=wrong)
        async with identity(tmp_path, app, ca=tenant.settings.ca) as ours:
            tokens = ours.tokens(tenant.mailbox, tenant.scopes, app_only=True)
            with pytest.raises(AdministratorError, match="secret") as caught:
                await tokens.token()
        assert wrong not in str(caught.value)

    @pytest.mark.timeout(1_000)
    async def test_a_person_signs_in_by_a_code(self, tenant, tmp_path, capsys):
        client_id = os.environ.get(PERSON)
        if not client_id:
            pytest.skip(f"nobody to sign in: set {PERSON} and watch the terminal")
        scopes = (f"{tenant.settings.graph}/Mail.Read",)
        app = tenant.app(client_id=client_id)
        async with identity(tmp_path, app, ca=tenant.settings.ca) as ours:
            pending = await ours.start_device(scopes, anyone=True)
            with capsys.disabled():
                sys.stdout.write(f"\nopen {pending.url}, type in {pending.user_code}\n")
                sys.stdout.flush()
            connection = await ours.finish_device(pending)
            assert connection.signed_in_by
            assert await ours.tokens(connection.account, scopes).token()
