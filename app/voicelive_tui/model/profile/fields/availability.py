"""Whether a field, or one of its values, has an effect with a profile's model, voice, API version
and variant; and the sentence for a form when it has none.

What is not known, such as the model behind the name of a deployment, makes nothing unavailable.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, Final

from voicelive_tui.model.profile.fields.field import Field
from voicelive_tui.model.profile.fields.field_table import FIELDS_BY_KEY
from voicelive_tui.model.profile.fields.model_families import model_family
from voicelive_tui.model.profile.fields.requirement import NO_NEEDS, ModelFamily, Requirement
from voicelive_tui.model.profile.fields.voice_fields import AZURE_VOICE_TYPES
from voicelive_tui.model.profile.setting_values import REMOVED, setting_at

NONE: Final = "none"
OPENAI: Final = "openai"
_VOICE: Final = "session.voice"
_FAMILY_NAMES: Final[Mapping[ModelFamily, str]] = {
    "gpt-realtime": "gpt-realtime",
    "phi4-mm-realtime": "phi4-mm-realtime",
    "azure-realtime": "azure-realtime",
    "text": "text models such as gpt-4o",
    "agent": "an agent",
}


def unavailable(field: Field, document: Mapping[str, Any], api_version: str) -> str:
    """Return why a field has no effect, such as "only with gpt-realtime"; empty when it may have
    one.

    api_version: the version in use; empty when it is not known.
    """
    if field.unusable:
        return field.unusable
    sentences = (
        sentence
        for key in _checked_keys(field.key)
        for sentence in _sentences(key, field, document, api_version)
    )
    return next(filter(None, sentences), "")


def unavailable_value(
    field: Field, value: str, document: Mapping[str, Any], api_version: str
) -> str:
    """Return why a value of a field cannot be used, such as "only with gpt-realtime"; empty when it
    may be."""
    needs = field.value_needs.get(value, NO_NEEDS)
    return _unmet(needs, document, api_version)


def variant_of(document: Mapping[str, Any], key: str, api_version: str) -> str:
    """Return the variant of the table that holds a key, stated or by default; empty when the table
    has no variants or its variant is not known."""
    table_key = key.rpartition(".")[0]
    by = discriminator_of(pattern_of(table_key))
    table = setting_at(document, table_key)
    if table_key == _VOICE and isinstance(table, str):
        return OPENAI
    stated = table.get(by) if isinstance(table, Mapping) else None
    if by and stated is None:
        stated = FIELDS_BY_KEY[f"{pattern_of(table_key)}.{by}"][0].default_in(api_version)
    return stated if isinstance(stated, str) else ""


@lru_cache(maxsize=4096)
def switch_of(pattern: str) -> str:
    """Return the table that a field switches off with "none": the nullable table whose variant it
    names; empty for every other field."""
    table_key, _, name = pattern.rpartition(".")
    tables = FIELDS_BY_KEY.get(table_key, ())
    return table_key if any(each.nullable and each.discriminator == name for each in tables) else ""


@lru_cache(maxsize=4096)
def discriminator_of(table_pattern: str) -> str:
    """Return the name of the field that states a table's variant; empty when it has none."""
    return next(
        (each.discriminator for each in FIELDS_BY_KEY.get(table_pattern, ()) if each.discriminator),
        "",
    )


@lru_cache(maxsize=4096)
def pattern_of(key: str) -> str:
    """Return a setting's key with `*` in place of the numbers of array elements."""
    return re.sub(r"\.\d+(?=\.|$)", ".*", key)


@cache
def _checked_keys(pattern: str) -> tuple[str, ...]:
    """Return the keys of a known field and of the tables that hold it, outermost first, without
    those whose declarations can make nothing unavailable."""
    parts = pattern.split(".")
    keys = [".".join(parts[:count]) for count in range(1, len(parts) + 1)]
    return tuple(
        key
        for key in keys
        if key == pattern
        or any(
            each.nullable or each.variants or each.needs != NO_NEEDS for each in FIELDS_BY_KEY[key]
        )
    )


def _sentences(
    key: str, field: Field, document: Mapping[str, Any], api_version: str
) -> Iterator[str]:
    fields = FIELDS_BY_KEY[key]
    if key != field.key and setting_at(document, key) == NONE and switch_of(field.key) != key:
        yield f"not while {key.rpartition('.')[2].replace('_', ' ')} is off"
    for each in (field,) if key == field.key else fields[:1]:
        yield _unmet(each.needs, document, api_version)
    variants = _all_variants(key)
    if variants:
        variant = variant_of(document, key, api_version)
        yield f"only with {_names(variants)}" if variant and variant not in variants else ""


@cache
def _all_variants(pattern: str) -> tuple[str, ...]:
    """Return the variants of its table that have a field; empty when all have it. An element of an
    array has no variant without its number."""
    fields = FIELDS_BY_KEY[pattern]
    if "*" in pattern or not all(each.variants for each in fields):
        return ()
    return tuple(dict.fromkeys(name for each in fields for name in each.variants))


def unmet_model_or_voice(needs: Requirement, document: Mapping[str, Any]) -> str:
    """Return in a clause which models or voices have a field or value, such as "only with
    gpt-realtime"; empty when the document's model and voice have it, or are not known."""
    if not needs.models and not needs.voices:
        return ""
    service = document.get("service", {})
    family = model_family(service) if isinstance(service, Mapping) else None
    return (_unmet_models(needs.models, family) if needs.models else "") or (
        _unmet_voices(needs.voices, _voice_in_force(document, family)) if needs.voices else ""
    )


def _unmet(needs: Requirement, document: Mapping[str, Any], api_version: str) -> str:
    if needs is NO_NEEDS:
        return ""
    return needs.version_sentence(api_version) or unmet_model_or_voice(needs, document)


def _voice_in_force(document: Mapping[str, Any], family: ModelFamily | None) -> Any:
    """Return the voice of a document, or the one that the service uses without it, if it is
    known."""
    voice = setting_at(document, _VOICE)
    return {"type": OPENAI} if voice is REMOVED and family == "gpt-realtime" else voice


def _unmet_models(families: Sequence[ModelFamily], family: ModelFamily | None) -> str:
    if family is None or family in families:
        return ""
    if family == "agent" and len(families) == len(_FAMILY_NAMES) - 1:
        return "not with an agent"
    named = [each for each in families if each != "agent" or len(families) == 1]
    return f"only with {', '.join(_FAMILY_NAMES[each] for each in named)}"


def _unmet_voices(voices: Sequence[str], voice: Any) -> str:
    if not isinstance(voice, str | Mapping):
        return ""
    stated = {"type": OPENAI} if isinstance(voice, str) else voice
    kind = stated.get("type", "")
    if "hd" in voices:
        # Only the names of standard voices tell whether they are in high definition.
        plain = kind == "azure-standard" and "HD" not in str(stated.get("name", "HD"))
        return "only with HD voices" if plain or kind == OPENAI else ""
    return f"only with {_names(voices)}" if kind and kind not in voices else ""


def _names(variants: Sequence[str]) -> str:
    """Return the variants' names in a form; one that another begins with stands for both."""
    if set(variants) >= set(AZURE_VOICE_TYPES) and OPENAI not in variants:
        return "Azure voices"
    return ", ".join(
        each
        for each in variants
        if not any(each.startswith(f"{other}_") for other in variants if other != each)
    )
