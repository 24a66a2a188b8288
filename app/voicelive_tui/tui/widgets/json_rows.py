"""Lays out the rows of a folded JSON text, one by one: what is not on the screen costs nothing."""

import json
import re
from typing import Final

from rich.cells import cell_len, set_cell_size
from voicelive_common.json_text import JsonError, read_json
from voicelive_common.printable import printable

from voicelive_tui.tui.formatting import amount, plural
from voicelive_tui.tui.widgets.abridge import beginning
from voicelive_tui.tui.widgets.json_node import CLOSING, Node, Row
from voicelive_tui.tui.widgets.json_tree import JsonTree
from voicelive_tui.tui.widgets.spans import Span, cells, wrap

LONGEST_TEXT: Final = 30_000
"""Characters of an unfolded text that are laid out."""
MOST_LINES: Final = 1_000
_LONGEST_KEY: Final = 200
_LONGEST_STRING: Final = 1_000
"""Characters of a text on its own row: no screen is wider."""
_LONGEST_REFERENCE: Final = 1_000
_DEEPEST_INDENT: Final = 60
_BASE64: Final = re.compile(r'"[A-Za-z0-9+/]{256,}={0,2}"')


def row_spans(tree: JsonTree, row: Row, width: int) -> list[Span]:
    """One row of the tree in at most `width` cells."""
    node, part = row
    spans: list[Span] = [(_indent(node, width), "")]
    if part == CLOSING:
        spans += [("  ", ""), ("}" if node.kind == "object" else "]", "punct"), _comma(node)]
    elif part:
        spans += [("    ", ""), (node.lines[part - 1], "string")]
    else:
        spans += [(_marker(tree, node), "strong"), *_key(tree, node), *value_spans(tree, node)]
    return _fitted(spans, width)


def _indent(node: Node, width: int) -> str:
    return "  " * min(node.depth, _DEEPEST_INDENT, max(0, width // 4))


def _marker(tree: JsonTree, node: Node) -> str:
    if node.kind == "string" and node.end - node.start <= _LONGEST_KEY and not node.is_open:
        return "  "
    return ("- " if node.is_open else "+ ") if tree.can_fold(node) else "  "


def _key(tree: JsonTree, node: Node) -> list[Span]:
    if node.kind == "slice":
        return [
            (f"[{amount(node.first)} to {amount(node.first + node.count - 1)}]", "note"),
            ("  ", ""),
        ]
    name = tree.key(node, _LONGEST_KEY + 2)
    if not name:
        return []
    cut = node.key_end - node.key_start > len(name)
    return [(printable(_readable(name)) + ("…" if cut else ""), "key"), (": ", "punct")]


def value_spans(tree: JsonTree, node: Node) -> list[Span]:
    """What stands behind a node's name."""
    if tree.is_reference(node):
        return [
            (reference_words(tree.spelling(node, _LONGEST_REFERENCE)), "reference"),
            _comma(node),
        ]
    match node.kind:
        case "string":
            return [_string(tree, node), _comma(node)]
        case "scalar":
            return [_scalar(tree, node), _comma(node)]
        case "slice":
            return [] if node.is_open else [_folded(tree, node)]
        case _ if node.is_open:
            return [("{" if node.kind == "object" else "[", "punct")]
        case _ if tree.is_inline(node):
            return [*_inline(tree, node), _comma(node)]
        case _:
            return [_folded(tree, node), _comma(node)]


def reference_words(text: str) -> str:
    """Words for an audio reference of the journal: the sound is kept beside the event."""
    try:
        reference = read_json(text)
    except JsonError:
        return "(sound)"
    file, offset = reference.get("$wav"), reference.get("offset")
    size, length_ms = reference.get("bytes"), reference.get("ms")
    words = f"{amount(size)} bytes of sound" if isinstance(size, int) else "sound"
    if isinstance(length_ms, int | float) and 0 <= length_ms < 1e9:
        words += f", {amount(round(length_ms))} ms"
    if not isinstance(file, str):
        return f"({words}, not recorded)"
    place = f" at byte {amount(offset)}" if isinstance(offset, int) else ""
    return f"({words}, in {printable(file[:_LONGEST_KEY])}{place})"


def text_of(tree: JsonTree, node: Node, longest: int) -> tuple[str, int]:
    """The text that a string spells, up to `longest` characters of its spelling, and how many
    characters of the spelling are left out."""
    spelled = tree.spelling(node, longest + 2)
    left_out = node.end - node.start - len(spelled)
    return _decoded(spelled), left_out


def text_lines(tree: JsonTree, node: Node, width: int, export_key: str) -> tuple[str, ...]:
    """The lines of an unfolded text in the room that its indent leaves. export_key: the key that
    exports the whole event, as shown."""
    text, left_out = text_of(tree, node, LONGEST_TEXT)
    shown = beginning(printable(text, newlines=True), LONGEST_TEXT, MOST_LINES)
    room = max(20, width - len(_indent(node, width)) - 5)
    lines = ["".join(part for part, _ in line) for line in wrap([(shown, "")], room)]
    if left_out or len(shown) < len(text):
        lines.append(f"... cut here; {export_key} writes the whole event to a file")
    return tuple(lines)


def _folded(tree: JsonTree, node: Node) -> Span:
    noun = "field" if node.kind == "object" else "item"
    opening, closing = "{}" if node.kind == "object" else "[]"
    count = plural(tree.member_count(node), noun)
    return (f"{opening} {count}, {amount(tree.node_bytes(node))} bytes {closing}", "note")


def _inline(tree: JsonTree, node: Node) -> list[Span]:
    opening, closing = "{}" if node.kind == "object" else "[]"
    spans: list[Span] = []
    for child in tree.children(node):
        spans += [("  " if spans else " ", ""), *_key(tree, child), *value_spans(tree, child)]
    return [(opening, "punct"), *spans, (" " if spans else "", ""), (closing, "punct")]


def _comma(node: Node) -> Span:
    return ("" if node.is_last else ",", "punct")


def _string(tree: JsonTree, node: Node) -> Span:
    head = tree.spelling(node, _LONGEST_STRING)
    if len(head) > 256 and _BASE64.fullmatch(tree.text, node.start, node.end):
        size = (node.end - node.start - 2) * 3 // 4
        return (f"(base64 of {amount(size)} bytes)", "reference")
    cut = len(head) < node.end - node.start
    return (printable(_readable(head)) + ("…" if cut else ""), "string")


def _scalar(tree: JsonTree, node: Node) -> Span:
    word = tree.spelling(node, _LONGEST_STRING)
    look = "literal" if word in ("true", "false", "null") else "number"
    return (printable(word), look)


def _readable(spelled: str) -> str:
    """A string as JSON without needless escapes: `"\\u00fc"` is shown as `"ü"`."""
    if "\\" not in spelled:
        return spelled
    decoded = json.dumps(_decoded(spelled), ensure_ascii=False)
    return decoded if spelled.endswith('"') else decoded[:-1]


def _decoded(spelled: str) -> str:
    """The text that a JSON string or its beginning spells; an escape cut in two is left out."""
    body = spelled.removeprefix('"')
    if spelled.endswith('"') and not spelled.endswith('\\"'):
        body = body[:-1]
    for cut in range(7):
        try:
            return str(json.loads(f'"{body[: len(body) - cut]}"', strict=False))
        except ValueError:
            continue
    return body


def _fitted(spans: list[Span], width: int) -> list[Span]:
    """The spans cut to `width` cells, with an ellipsis at a cut."""
    if cells(spans) <= width:
        return spans
    out: list[Span] = []
    room = width - 1
    for text, look in spans:
        shown = text if cell_len(text) <= room else set_cell_size(text, room)
        out.append((shown, look))
        room -= cell_len(shown)
        if room <= 0:
            break
    return [*out, ("…", "note")]
