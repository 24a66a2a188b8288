"""MCP through the real program and the official SDK, whose models read every event, in the same way
as Microsoft's own sample."""

import json

from azure.ai.voicelive.models import (
    InputTextContentPart,
    MCPApprovalResponseRequestItem,
    MCPServer,
    ResponseCreateParams,
    ResponseMCPApprovalRequestItem,
    ResponseMCPCallItem,
    ResponseMCPListToolItem,
    ServerEventMcpListToolsCompleted,
    ServerEventResponseMcpCallArgumentsDone,
    ServerEventResponseMcpCallCompleted,
    ServerEventResponseOutputItemDone,
    ToolChoiceLiteral,
    UserMessageItem,
)
from voicelive_simulator.scenario.load import load_scenario
from voicelive_simulator.service.options import Options
from voicelive_simulator.service.server import Simulator
from voicelive_simulator.sound.tones import ToneVoice

from tests.simulator.support.sdk_client import SdkClient, of_type, said, sdk_client
from tests.support.simulator_process import simulator_process


async def listed(driver: SdkClient) -> ResponseMCPListToolItem:
    """The server's item, once its listing has ended."""
    completed = await driver.until("mcp_list_tools.completed")
    assert isinstance(completed, ServerEventMcpListToolsCompleted)
    await driver.connection.conversation.item.retrieve(item_id=completed.item_id)
    item = (await driver.until("conversation.item.retrieved")).item
    assert isinstance(item, ResponseMCPListToolItem)
    return item


async def request(driver: SdkClient) -> ResponseMCPApprovalRequestItem:
    while True:
        item = (await driver.until("conversation.item.created")).item
        if isinstance(item, ResponseMCPApprovalRequestItem):
            return item


async def approve(
    driver: SdkClient, asked: ResponseMCPApprovalRequestItem, approve: bool = True
) -> None:
    assert asked.id is not None
    item = MCPApprovalResponseRequestItem(approval_request_id=asked.id, approve=approve)
    await driver.connection.conversation.item.create(item=item)


async def follow_call(driver: SdkClient) -> ResponseMCPCallItem:
    """The events for which Microsoft's sample waits, in its order; others between them are skipped,
    as in the sample."""
    while not isinstance(
        called := (await driver.until("conversation.item.created")).item, ResponseMCPCallItem
    ):
        pass
    arguments = await driver.until("response.mcp_call_arguments.done")
    assert (
        isinstance(arguments, ServerEventResponseMcpCallArgumentsDone)
        and arguments.item_id == called.id
    )
    await driver.until("response.done")
    completed = await driver.until("response.mcp_call.completed")
    assert (
        isinstance(completed, ServerEventResponseMcpCallCompleted)
        and completed.item_id == called.id
    )
    done = await driver.until("response.output_item.done")
    assert isinstance(done, ServerEventResponseOutputItemDone)
    assert isinstance(done.item, ResponseMCPCallItem) and done.item.id == called.id
    return done.item


async def test_the_sdk_lists_approves_calls_and_hears_the_answer() -> None:
    with simulator_process() as ready:
        url = ready["url"]
        async with sdk_client(url) as driver:
            own = MCPServer(
                server_label="own",
                server_url=f"{url}/simulator/mcp",
                authorization="Bearer hush-mcp",
            )
            updated = await driver.configure(tools=[own], tool_choice=ToolChoiceLiteral.AUTO)
            assert "hush" not in str(updated.as_dict())
            tools = {tool.name: tool for tool in (await listed(driver)).tools}
            assert tools["add"].input_schema["required"] == ["a", "b"] and tools[
                "add"
            ].annotations == {
                "readOnlyHint": True,
                "openWorldHint": False,
            }
            await driver.connection.response.create(
                response=ResponseCreateParams(tool_choice="required")
            )
            asked = await request(driver)
            assert (asked.server_label, asked.name, asked.arguments) == (
                "own",
                "add",
                '{"a": 0, "b": 0}',
            )
            await approve(driver, asked)
            called = await follow_call(driver)
            assert called.approval_request_id == asked.id and called.error is None
            assert json.loads(called.output or "") == {"sum": 0}
            [answer] = said(await driver.respond())
            assert "10 characters" in answer


async def test_a_scenario_s_server_is_approved_and_its_result_told() -> None:
    with simulator_process("--scenario", "support-desk") as ready:
        async with sdk_client(ready["url"]) as driver:
            await driver.configure(
                tools=[
                    MCPServer(server_label="customers", server_url="https://customers.example/mcp")
                ]
            )
            assert [tool.name for tool in (await listed(driver)).tools] == [
                "find_customer",
                "send_technician",
            ]
            await ask(driver, "My number is 4711")
            asked = await request(driver)
            assert (asked.name, asked.arguments) == ("find_customer", '{"number": "4711"}')
            await approve(driver, asked)
            assert json.loads((await follow_call(driver)).output or "")["name"] == "Ms Nakamura"
            [answer] = said(await driver.respond())
            assert answer.startswith(
                "I have found you, Ms Nakamura. There is no outage in Harbour Lane."
            )


async def test_a_scenario_answers_a_denied_call() -> None:
    async with (
        Simulator(Options(scenario=load_scenario("support-desk")), ToneVoice()) as desk,
        sdk_client(desk.url) as driver,
    ):
        await driver.configure(
            tools=[MCPServer(server_label="customers", server_url="https://customers.example/mcp")]
        )
        await ask(driver, "My number is 4711")
        await approve(driver, await request(driver), approve=False)
        await driver.until("response.done")
        [answer] = said(await driver.respond())
        assert answer.startswith("Then I cannot look you up.") and not of_type(
            driver.events, "response.mcp_call.in_progress"
        )


async def ask(driver: SdkClient, text: str) -> None:
    """A typed turn; its response is not awaited."""
    await driver.connection.conversation.item.create(
        item=UserMessageItem(content=[InputTextContentPart(text=text)])
    )
    await driver.connection.response.create()
