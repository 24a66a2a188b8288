"""The official SDK's models as tables: the fields of each one and their types. The SDK has no
public way to ask for them, so this file, and no other, reads the private parts of its generated
code. They may change in every release: importing this file fails with any other release than the
one for which it was written."""

from enum import Enum
from functools import cache
from typing import Any, get_type_hints

from azure.ai.voicelive import __version__, _unions, models
from azure.ai.voicelive._utils.model_base import Model
from azure.ai.voicelive.models import ServerEvent, _models

JSON = dict[str, Any]
VERSION = "1.3.1"
_NAMES = {**vars(_models), "_models": models, "_unions": _unions}

assert __version__ == VERSION, (
    f"read the private parts of azure-ai-voicelive {__version__} anew: this file knows {VERSION}"
)


def deserialize(event: JSON) -> None:
    """Have the SDK read a server event as it does when it receives one. Raises what it raises."""
    ServerEvent._deserialize(event, [])  # type: ignore[no-untyped-call]


@cache
def members_of(model: Any) -> dict[str, Any]:
    """The model's fields by their names on the wire, with their types."""
    model({})  # the SDK resolves a model's fields when the first instance is made
    hints = get_type_hints(model, _NAMES, _NAMES)
    return {
        field._rest_name: hints[attribute] for attribute, field in model._attr_to_rest_field.items()
    }


def kinds_of(model: Any) -> dict[str, Any]:
    """The models that a discriminator distinguishes; none for a model without one."""
    return model.__mapping__ if discriminator_of(model) else {}


@cache
def discriminator_of(model: Any) -> str:
    """The field that distinguishes this model's own kinds; "" without one."""
    field = model._get_discriminator([])
    return (
        ""
        if field is None or not any(kind is not model for kind in model.__mapping__.values())
        else str(field._rest_name)
    )


def is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Model)


def is_enum(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Enum)
