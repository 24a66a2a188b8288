"""Checks the parameters of a function, which must be a JSON Schema of an object."""

from __future__ import annotations

from voicelive_common.json_schema import DEEPEST, MOST_COST, checking_cost, draft_of, size_of

from voicelive_simulator.api.errors import Refused
from voicelive_simulator.api.schema import JSON, Reading, any_object


def parameters(value: object, param: str, reading: Reading) -> JSON:
    """Check a schema against the meta-schema of JSON Schema 2020-12, or of the draft that it names.
    References are not followed, and a schema that would take seconds is not checked. Raises
    Refused."""
    schema = any_object(value, param, reading)
    # Imported on use, because most sessions have no functions.
    from jsonschema.exceptions import SchemaError

    if size_of(schema)[1] > DEEPEST:
        raise Refused(
            f"Invalid schema at '{param}': it is nested deeper than {DEEPEST} levels.",
            code="invalid_function_parameters",
            param=param,
        )
    try:
        if checking_cost(schema) <= MOST_COST:
            draft_of(schema).check_schema(schema)
    except SchemaError as error:
        path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.path)
        raise Refused(
            f"Invalid schema at '{param}{path}': {error.message[:200]}",
            code="invalid_function_parameters",
            param=param,
        ) from None
    if schema.get("type", "object") != "object":
        raise Refused(
            f"Invalid schema at '{param}': the type of a function's parameters is 'object'.",
            code="invalid_function_parameters",
            param=param,
        )
    return schema
