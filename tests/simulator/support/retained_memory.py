"""How much memory an object keeps alive."""

import gc
import sys
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

_SHARED = (type, ModuleType, FunctionType, BuiltinFunctionType)


def retained_bytes(root: object) -> int:
    """The size in bytes of everything that can be reached from `root`, except code."""
    seen: set[int] = set()
    todo: list[Any] = [root]
    total = 0
    while todo:
        found = todo.pop()
        if id(found) in seen or isinstance(found, _SHARED):
            continue
        seen.add(id(found))
        total += sys.getsizeof(found)
        todo.extend(gc.get_referents(found))
    return total
