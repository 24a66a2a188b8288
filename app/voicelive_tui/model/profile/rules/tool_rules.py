"""The rules of `[[session.tools]]` and of `tool_choice` (protocol.md section 10)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from voicelive_common.json_schema import MOST_COST, checking_cost

from voicelive_tui.model.profile.rules.description import closest_match, truncated
from voicelive_tui.model.profile.rules.finding import Finding, ignored, refused
from voicelive_tui.model.profile.rules.tool_schema import schema_problem, unknown_reference

_TOOLS: Final = "session.tools"
_CHOICES: Final = ("auto", "none", "required")


def check_tools(session: Mapping[str, Any]) -> Iterator[Finding]:
    """Check names, duplicates and schemas of the tools, and that the chosen tool is one of them."""
    stated = session.get("tools")
    tools = [
        (at, tool)
        for at, tool in enumerate(stated if isinstance(stated, list) else ())
        if isinstance(tool, Mapping)
    ]
    yield from _duplicates(tools, "name", "function", "functions have the name")
    yield from _duplicates(tools, "server_label", "mcp", "servers have the label")
    yield from _check_schemas(tools)
    for at, tool in tools:
        if tool.get("type") == "mcp" and isinstance(tool.get("require_approval"), Mapping):
            yield from _check_approval(f"{_TOOLS}.{at}.require_approval", tool["require_approval"])
        if tool.get("authorization"):
            yield ignored(
                f"{_TOOLS}.{at}.authorization",
                "this token can be read by everyone who can read the file",
                "keep the profile private; the journal leaves the token out",
            )
    yield from _check_choice(session.get("tool_choice"), [tool for _, tool in tools])


def _duplicates(
    tools: Sequence[tuple[int, Mapping[str, Any]]], field: str, kind: str, words: str
) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for at, tool in tools:
        name = tool.get(field)
        if tool.get("type") != kind or not isinstance(name, str) or not name:
            continue
        if name in seen:
            yield refused(
                f"{_TOOLS}.{at}.{field}",
                f'two {words} "{truncated(name)}"',
                "give each its own, or remove one",
            )
        seen.setdefault(name, at)


def _check_schemas(tools: Sequence[tuple[int, Mapping[str, Any]]]) -> Iterator[Finding]:
    """Check the parameters of each function, up to a size that takes about two seconds."""
    cost = 0
    for at, tool in tools:
        schema = tool.get("parameters")
        if tool.get("type") != "function" or not isinstance(schema, Mapping):
            continue
        key = f"{_TOOLS}.{at}.parameters"
        cost += checking_cost(schema)
        if cost > MOST_COST:
            message = "the schemas take too long to check; from here on they are not checked"
            yield Finding(key, "info", message, "the service gets them unchanged")
            return
        yield from _check_schema(key, schema)


def _check_schema(key: str, schema: Mapping[str, Any]) -> Iterator[Finding]:
    problem = schema_problem(schema)
    if problem is not None:
        path = ".".join((key, *problem.path))
        yield refused(path, f"`{path}` is no JSON Schema: {problem.message}", problem.hint)
        return
    kind = schema.get("type")
    if kind is not None and kind != "object":
        yield refused(
            f"{key}.type",
            "the arguments of a function are an object, and this schema has another type",
            'write type = "object", and the arguments under `properties`',
        )
    reference = unknown_reference(schema)
    if reference is not None:
        path = ".".join((key, *reference.path))
        yield ignored(path, reference.message, reference.hint)


def _check_approval(key: str, approval: Mapping[str, Any]) -> Iterator[Finding]:
    for name, tools in approval.items():
        child = f"{key}.{name}"
        if name not in ("always", "never"):
            guess = closest_match(name, ("always", "never"))
            hint = f"did you mean `{guess}`?" if guess else "known: always, never"
            yield ignored(child, f"`{child}` is not known to this version", hint)
        elif not isinstance(tools, list) or not all(
            isinstance(each, str) and each for each in tools
        ):
            yield refused(child, f"`{child}` must be an array of names", "the names of tools")


def _check_choice(choice: Any, tools: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    name = choice.get("name") if isinstance(choice, Mapping) else choice
    names = [tool["name"] for tool in tools if isinstance(tool.get("name"), str)]
    known = [*names, *(_CHOICES if isinstance(choice, str) else ())]
    if not isinstance(name, str) or name in known:
        return
    guess = closest_match(name, known)
    key = "session.tool_choice" + ("" if isinstance(choice, str) else ".name")
    yield refused(
        key,
        f'"{truncated(name)}" is none of the tools in this profile',
        f'did you mean "{guess}"?' if guess else f"known: {', '.join(known) or 'none'}",
    )
