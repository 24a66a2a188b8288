"""The official SDK's own handshakes: with a key, with a token, as an agent, under a parent path and
for each api-version."""

import asyncio
from typing import Any

import pytest
from azure.ai.voicelive.aio import VoiceLiveConnection, connect
from azure.core.credentials import AccessToken, AzureKeyCredential
from voicelive_simulator.api.handshake import API_VERSIONS

from tests.support.deadlines import DEADLINE_S


class Token:
    """A credential in the form of Entra's clients."""

    async def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        return AccessToken("a-token", 4_000_000_000)

    async def close(self) -> None:
        pass

    async def __aenter__(self) -> "Token":
        return self

    async def __aexit__(self, *_: object) -> None:
        pass


async def first_session(connection: VoiceLiveConnection) -> Any:
    async with asyncio.timeout(DEADLINE_S):
        event: Any = await connection.recv()
    assert event.type == "session.created"
    return event.session


@pytest.mark.parametrize("credential", [AzureKeyCredential("k"), Token()], ids=["key", "token"])
@pytest.mark.parametrize("path", ["", "/", "/base", "/base/deeper/"])
async def test_either_credential_under_any_parent_path(
    url: str, path: str, credential: Any
) -> None:
    async with connect(endpoint=url + path, credential=credential, model="gpt-4o") as connection:
        assert (await first_session(connection)).model == "gpt-4o"


@pytest.mark.parametrize("version", API_VERSIONS)
async def test_every_version(url: str, version: str) -> None:
    async with connect(
        endpoint=url, credential=AzureKeyCredential("k"), model="gpt-4o", api_version=version
    ) as connection:
        session = await first_session(connection)
        assert ("expires_at" in session) is (version >= "2026-07-15")


async def test_an_agent_with_all_that_can_be_said_of_it(url: str) -> None:
    async with connect(
        endpoint=url,
        credential=Token(),
        agent_name="helper",
        project_name="project",
        agent_version="3",
        conversation_id="conv_1",
        authentication_identity_client_id="id",
        foundry_resource_override="other",
    ) as connection:
        session = await first_session(connection)
        assert session.agent.name == "helper" and session.model is None


async def test_a_query_and_headers_of_the_client_s_own(url: str) -> None:
    query = {"features": "client_ec_reference:true", "profile": "byom-azure-openai-realtime"}
    headers = {"x-ms-client-request-id": "0b1e"}
    async with connect(
        endpoint=url, credential=AzureKeyCredential("k"), model="mine", query=query, headers=headers
    ) as connection:
        assert (await first_session(connection)).voice["name"] == "alloy"
        both = {"type": "server_echo_cancellation", "reference_source": "client", "channels": 2}
        await connection.send(
            {"type": "session.update", "session": {"input_audio_echo_cancellation": both}}
        )
        async with asyncio.timeout(DEADLINE_S):
            updated: Any = await connection.recv()
        assert updated.session.input_audio_echo_cancellation.channels == 2
