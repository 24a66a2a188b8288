"""Reads from the simulator's source what it can send, so that no test can overlook an addition.
Faults and replays are excluded: they send whatever they are given."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import voicelive_simulator
from voicelive_simulator.api.client_events import CLIENT_EVENTS, NOT_SIMULATED

SOURCE = Path(voicelive_simulator.__file__).parent
# Functions that take an event's type as their first argument, or as their second after its
# subject.
_MAKES_EVENTS = (
    "event",
    "_event",
    "_send",
)
_DOTTED = re.compile(r"[a-z_]+(\.[a-z_]+)+")
_ALONE = ("error", "warning")  # the event types without a dot


def sent_event_types(known: frozenset[str]) -> set[str]:
    """The type of every event in the source: the value of "type" in a dict, or an argument of a
    function that makes events. An f-string stands for all `known` types that match it."""
    found: set[str] = set()
    for tree in _modules():
        constants = _constants(tree)
        for node in ast.walk(tree):
            for value in _types_in(node):
                found |= set(_spelled(value, constants, known))
    return found - {*CLIENT_EVENTS, *NOT_SIMULATED}


def error_codes() -> set[str]:
    """The code of every error and warning in the source: a default, a keyword argument, the value
    of "code" in a dict, or a positional argument that is a code."""
    found: set[str] = set()
    for tree in _modules():
        for node in ast.walk(tree):
            match node:
                case ast.keyword(arg="code", value=ast.Constant(value=str(code))):
                    found.add(code)
                case ast.Call(
                    func=ast.Name(id="SessionRemark" | "_failed"),
                    args=[_, ast.Constant(value=str(code)), *_],
                ):
                    found.add(code)
                case ast.Dict():
                    pairs = zip(node.keys, node.values, strict=True)
                    found |= {
                        str(v.value)
                        for k, v in pairs
                        if _is(k, "code") and isinstance(v, ast.Constant)
                    }
                case ast.arguments():
                    plain = zip(
                        node.args[len(node.args) - len(node.defaults) :], node.defaults, strict=True
                    )
                    named = zip(node.kwonlyargs, node.kw_defaults, strict=True)
                    for argument, default in [*plain, *named]:
                        if (
                            argument.arg == "code"
                            and isinstance(default, ast.Constant)
                            and default.value
                        ):
                            found.add(str(default.value))
    return found


def _modules() -> Iterator[ast.Module]:
    for path in SOURCE.rglob("*.py"):
        if path.relative_to(SOURCE).parts[0] not in ("faults", "replay"):
            yield ast.parse(path.read_text())


def _types_in(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Dict():
            yield from (
                value for key, value in zip(node.keys, node.values, strict=True) if _is(key, "type")
            )
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in _MAKES_EVENTS:
            for argument in node.args[:2]:
                yield from (
                    (argument.body, argument.orelse)
                    if isinstance(argument, ast.IfExp)
                    else (argument,)
                )


def _is(node: ast.expr | None, text: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == text


def _constants(tree: ast.Module) -> dict[str, str]:
    return {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }


def _spelled(node: ast.expr, constants: dict[str, str], known: frozenset[str]) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            if _DOTTED.fullmatch(text) or text in _ALONE:
                yield text
        case ast.JoinedStr():
            pattern = "".join(_piece(part, constants) for part in node.values)
            fitting = [text for text in known if re.fullmatch(pattern, text)]
            assert fitting or "." not in pattern, f"no documented event is called {pattern}"
            yield from fitting


def _piece(part: ast.expr, constants: dict[str, str]) -> str:
    match part:
        case ast.Constant(value=str(text)):
            return re.escape(text)
        case ast.FormattedValue(value=ast.Name(id=name)) if name in constants:
            return re.escape(constants[name])
    return "[a-z_]+"
