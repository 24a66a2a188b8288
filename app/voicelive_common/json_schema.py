"""What anyone's JSON Schema needs before it is checked against the meta-schema of its draft: the
draft, and what the check would cost."""

from collections.abc import Mapping
from typing import Any, Final

MOST_COST: Final = 5_000
"""A schema of this `checking_cost` is checked in about two seconds."""
DEEPEST: Final = 64
"""How deeply a schema may be nested: the check recurses several times per level."""
_PAIRS_PER_VALUE: Final = 20


def draft_of(schema: Mapping[str, Any]) -> Any:
    """Return the validator class of the draft that `$schema` names; that of 2020-12 for any other
    value, also for one that is no address."""
    # Imported on use, because few profiles and few sessions have functions.
    from jsonschema.validators import Draft202012Validator, validator_for

    try:
        return validator_for(schema, default=Draft202012Validator)
    except (AttributeError, TypeError, ValueError):
        return Draft202012Validator


def size_of(value: Any) -> tuple[int, int]:
    """Return the number of values in a value, itself included, and how deeply they are nested."""
    layer, depth, count = [value], 0, 0
    while layer:
        depth += 1
        count += len(layer)
        layer = [child for each in layer for child in _children(each)]
    return count, depth


def checking_cost(schema: Any) -> int:
    """Return what checking a schema costs: 1 for every value, and more for an array that cannot be
    sorted, in which every element may be compared with every other one."""
    cost, todo = 0, [schema]
    while todo:
        value = todo.pop()
        cost += 1
        todo += _children(value)
        if isinstance(value, list) and not _is_sortable(value):
            cost += len(value) * size_of(value)[0] // _PAIRS_PER_VALUE
    return cost


def _children(value: Any) -> list[Any]:
    match value:
        case dict():
            return list(value.values())
        case list():
            return value
        case _:
            return []


def _is_sortable(values: list[Any]) -> bool:
    kinds = {type(each) for each in values}
    return kinds <= {str} or kinds <= {int, float}
