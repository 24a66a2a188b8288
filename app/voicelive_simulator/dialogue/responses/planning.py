"""Makes the plan of a response: the script's reply or the sound check, within the client's
parameters (protocol.md 13.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from voicelive_simulator.api.errors import Refused
from voicelive_simulator.api.schema import JSON
from voicelive_simulator.dialogue.outputs.plan import ResponsePlan
from voicelive_simulator.dialogue.responses import sound_check
from voicelive_simulator.dialogue.responses.params import ResponseParams
from voicelive_simulator.dialogue.responses.sound_check import ReplyContext
from voicelive_simulator.dialogue.state.items import Item
from voicelive_simulator.dialogue.state.mcp_target import Target
from voicelive_simulator.dialogue.state.script import (
    MOST_SPOKEN_CHARS,
    Call,
    Earlier,
    Outcome,
    Pacing,
    Reply,
    Situation,
)
from voicelive_simulator.dialogue.state.tool_result import tool_name, tool_result
from voicelive_simulator.dialogue.state.usage import InputTokens
from voicelive_simulator.dialogue.tools.mcp_catalog import Offers


def situation(context: Sequence[Item], turn: int) -> Situation:
    """The situation to which a response in turn `turn` replies, from its context. Listings of MCP
    servers do not count."""
    context = [item for item in context if item.wire["type"] != "mcp_list_tools"]
    asked = next((n for n in range(len(context) - 1, -1, -1) if context[n].role == "user"), None)
    text = "" if asked is None else context[asked].text
    result = tool_result(context[-1]) if context else None
    if result is None:
        return Situation(turn, text, earlier=_earlier(context, asked))
    return Situation(turn, text, tool_name(context), result, _earlier(context, len(context) - 1))


def _earlier(context: Sequence[Item], replied_to: int | None) -> tuple[Earlier, ...]:
    """The items of the context before the one that is replied to; all of them for None."""
    return tuple(
        earlier
        for item in context[:replied_to]
        if (earlier := _as_earlier(item)) is not None and earlier.text
    )


def _as_earlier(item: Item) -> Earlier | None:
    match item.role:
        case "user" | "assistant" | "system" as role:
            return Earlier(role, item.text)
    result = tool_result(item)
    return None if result is None else Earlier("tool", result)


def approved_plan(
    params: ResponseParams, call: Call, target: Target, request_id: str, conversation_id: str
) -> ResponsePlan:
    """Plan a call that the client approved, and nothing else. No model is involved, so it costs no
    tokens and starts at once."""
    return ResponsePlan(
        text="",
        speaks=False,
        output_audio_format=params.output_audio_format,
        echoed=params.echoed(conversation_id),
        calls=(call,),
        targets={call: target},
        approved=request_id,
        pacing=Pacing(first_delta_ms=0),
    )


def make_plan(
    params: ResponseParams,
    context: Sequence[Item],
    reply: Reply | None,
    reply_context: ReplyContext,
    offers: Offers,
    input_tokens: InputTokens,
    echoed: JSON,
) -> ResponsePlan:
    """Plan a response.

    context: what the model would see, in order. reply: the script's. reply_context: what the user
    knows by now. offers: the MCP servers among the tools. echoed: the effective parameters to show.

    A call that the client's tools do not allow, or words too long to be spoken, give a plan for a
    response that fails with the reason.
    """
    plan = _verbatim_plan(params, input_tokens, echoed)
    if plan.text:
        return plan
    scripted = reply or Reply()
    try:
        calls, targets = _calls(params, scripted, offers)
        text = _text(plan, scripted, calls, context, reply_context)
    except Refused as refused:
        outcome = Outcome("failed", code=refused.code, message=refused.message)
        return replace(plan, outcome=outcome)
    return replace(
        plan,
        text=text,
        calls=calls,
        targets=targets,
        pacing=scripted.pacing,
        outcome=scripted.outcome,
    )


def _calls(
    params: ResponseParams, scripted: Reply, offers: Offers
) -> tuple[tuple[Call, ...], Mapping[Call, Target]]:
    """The calls to make, and the tools of those on MCP servers. Raises Refused."""
    choice = replace(params.tool_choice, offers=offers)
    choice.check()
    calls = choice.calls(scripted.calls)
    targets = choice.targets(calls)
    _refuse_out_of_band_calls(params, targets)
    return calls, targets


def _text(
    plan: ResponsePlan,
    scripted: Reply,
    calls: Sequence[Call],
    context: Sequence[Item],
    reply_context: ReplyContext,
) -> str:
    """The words of the response. Raises Refused when they are too long to be spoken."""
    text = scripted.text
    if text is None:
        # A forced call comes without words: the model was not asked to talk.
        is_forced = bool(calls) and not scripted.calls
        text = "" if is_forced else _sound_check_reply(context, reply_context, speaks=plan.speaks)
    if plan.speaks and len(text) > MOST_SPOKEN_CHARS:
        message = f"The simulator speaks at most {MOST_SPOKEN_CHARS} characters in one response."
        raise Refused(message, code="text_too_long")
    return text


def _verbatim_plan(params: ResponseParams, input_tokens: InputTokens, echoed: JSON) -> ResponsePlan:
    """The plan with the client's parameters and its pre-generated message, if there is one."""
    limit = params.token_limit
    return ResponsePlan(
        text=params.verbatim,
        speaks="audio" in params.modalities,
        output_audio_format=params.output_audio_format,
        echoed=echoed,
        timestamps=params.timestamps,
        visemes=params.visemes,
        out_of_band=params.out_of_band,
        max_tokens=None if isinstance(limit, str) else limit,
        input=input_tokens,
    )


def _refuse_out_of_band_calls(params: ResponseParams, targets: Mapping[Call, Target]) -> None:
    """Raise Refused for calls that need approval: outside the conversation there is no item that an
    approval could name."""
    for call, target in targets.items():
        if params.out_of_band and target.needs_approval:
            message = (
                f"{call.name!r} needs approval, and an out-of-band response "
                "cannot ask for it: see require_approval."
            )
            raise Refused(message, code="approval_out_of_band")


def _sound_check_reply(
    context: Sequence[Item], reply_context: ReplyContext, *, speaks: bool
) -> str:
    """The sound check's answer to the last item that the model was given. Only a response that
    speaks has a remark about the voice."""
    if not speaks:
        reply_context = replace(reply_context, remark="")
    for item in reversed(context):
        if item.measurement:
            return sound_check.reply_to_speech(item.measurement, reply_context)
        if item.role == "user":
            return sound_check.reply_to_text(item.text, reply_context)
        if (result := tool_result(item)) is not None:
            has_output = item.wire.get("output") is not None
            return (
                sound_check.reply_to_tool_output(result, reply_context)
                if has_output
                else sound_check.reply_to_tool_failure(result, reply_context)
            )
        if item.role == "assistant":
            break
    return sound_check.greeting(reply_context)
