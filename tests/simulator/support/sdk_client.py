"""The official SDK as a client that types, speaks and collects events."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from azure.ai.voicelive.aio import ConnectionError as SdkConnectionError
from azure.ai.voicelive.aio import VoiceLiveConnection, connect
from azure.ai.voicelive.models import (
    FunctionCallOutputItem,
    InputTextContentPart,
    RequestSession,
    ServerEvent,
    UserMessageItem,
)
from azure.core.credentials import AzureKeyCredential

from tests.support.deadlines import DEADLINE_S

Event = Any  # the SDK's classes for events have few fields in common


class SdkClient:
    """`events` holds everything received; for a frame that the SDK cannot read it holds the
    ValueError instead."""

    def __init__(self, connection: VoiceLiveConnection) -> None:
        self.connection = connection
        self.events: list[Event] = []

    async def configure(self, **session: Any) -> Event:
        await self.connection.session.update(session=RequestSession(**session))
        return await self.until("session.updated")

    async def type(self, text: str) -> list[Event]:
        """Send a typed turn; return the events up to its response.done."""
        item = UserMessageItem(content=[InputTextContentPart(text=text)])
        await self.connection.conversation.item.create(item=item)
        return await self.respond()

    async def output(self, call_id: str, output: object) -> list[Event]:
        """Send a function's output; return the events up to the end of the response to it."""
        text = output if isinstance(output, str) else json.dumps(output)
        await self.connection.conversation.item.create(
            item=FunctionCallOutputItem(call_id=call_id, output=text)
        )
        return await self.respond()

    async def respond(self) -> list[Event]:
        before = len(self.events)
        await self.connection.response.create()
        await self.until("response.done")
        return self.events[before:]

    async def hear(self, audio: bytes) -> None:
        """One append."""
        await self.connection.input_audio_buffer.append(audio=base64.b64encode(audio).decode())

    async def until(self, kind: str, count: int = 1) -> Event:
        """Receive up to the `count`-th next event of this type and return it. Raises what the SDK
        raises at the end of the connection."""
        async with asyncio.timeout(DEADLINE_S):
            while True:
                event = await self._receive()
                self.events.append(event)
                count -= isinstance(event, ServerEvent) and event.type == kind
                if not count:
                    return event

    async def _receive(self) -> Event:
        try:
            return await self.connection.recv()
        except SdkConnectionError as error:
            if isinstance(error.__cause__, ValueError):
                return error.__cause__
            raise


@asynccontextmanager
async def sdk_client(
    url: str, model: str = "gpt-4o", api_version: str = "2026-07-15"
) -> AsyncIterator[SdkClient]:
    credential = AzureKeyCredential("any")
    async with connect(
        endpoint=url, credential=credential, model=model, api_version=api_version
    ) as connection:
        driver = SdkClient(connection)
        await driver.until("session.created")
        yield driver


def of_type(events: list[Event], kind: str) -> list[Event]:
    return [event for event in events if isinstance(event, ServerEvent) and event.type == kind]


def types(events: list[Event]) -> list[str]:
    return [
        str(event.type) if isinstance(event, ServerEvent) else type(event).__name__
        for event in events
    ]


def said(events: list[Event]) -> list[str]:
    """The transcripts of the assistant's words."""
    return [event.transcript for event in of_type(events, "response.audio_transcript.done")]
