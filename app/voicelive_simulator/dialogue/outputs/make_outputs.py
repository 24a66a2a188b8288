"""Makes the outputs of a plan: first the message, then each call."""

from __future__ import annotations

from voicelive_simulator.api.ids import Ids
from voicelive_simulator.dialogue.outputs.function_call import FunctionOutput
from voicelive_simulator.dialogue.outputs.mcp_approval import McpApprovalOutput
from voicelive_simulator.dialogue.outputs.mcp_call import McpCallOutput
from voicelive_simulator.dialogue.outputs.message import MessageOutput
from voicelive_simulator.dialogue.outputs.output import Output, OutputPosition
from voicelive_simulator.dialogue.outputs.plan import ResponsePlan
from voicelive_simulator.dialogue.state.script import Call


def make_outputs(plan: ResponsePlan, response_id: str, ids: Ids) -> list[Output]:
    outputs: list[Output] = []
    if plan.text.strip():
        position = OutputPosition(response_id, ids.new("item"), 0)
        timed = {"timestamps": plan.timestamps, "visemes": plan.visemes}
        outputs.append(MessageOutput(position, plan.text, plan.pacing, speaks=plan.speaks, **timed))
    for call in plan.calls:
        outputs.append(
            _call(call, OutputPosition(response_id, ids.new("item"), len(outputs)), plan, ids)
        )
    return outputs


def _call(call: Call, position: OutputPosition, plan: ResponsePlan, ids: Ids) -> Output:
    if call not in plan.targets:
        return FunctionOutput(position, ids.new("call"), call.name, call.arguments, plan.pacing)
    target = plan.targets[call]
    if target.needs_approval and not plan.approved:
        return McpApprovalOutput(position, call, target)
    return McpCallOutput(position, call, target, plan.pacing, plan.approved)
