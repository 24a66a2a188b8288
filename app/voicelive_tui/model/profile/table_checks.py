"""Checks the values of a document one by one against the table of known fields."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from voicelive_tui.model.profile.fields.availability import unavailable_value, unmet_model_or_voice
from voicelive_tui.model.profile.fields.field import Field, has_kind
from voicelive_tui.model.profile.fields.field_table import CHILDREN, FIELDS_BY_KEY
from voicelive_tui.model.profile.fields.profile_fields import FIRST_PREVIEW
from voicelive_tui.model.profile.fields.requirement import NO_NEEDS, Requirement
from voicelive_tui.model.profile.fields.turn_detection_fields import RENAMED
from voicelive_tui.model.profile.rules.description import closest_match, described, truncated
from voicelive_tui.model.profile.rules.finding import Finding, ignored, refused
from voicelive_tui.model.profile.service_query import AGENT_NAME, BYOM_PARAMETER, query_of

NONE: Final = "none"
_KIND_NAMES: Final = {
    "string": "a string",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "table": "a table",
    "map": "a table",
    "array": "an array",
    "strings": "an array of strings",
}
_JUDGED_BY_RULES: Final = ("service.api_version", "session.tool_choice")
"""Fields whose unknown values are judged with other fields."""


@dataclass(frozen=True, slots=True)
class TableChecker:
    """Checks the tables of one document. api_version: the stated one, or the default."""

    document: Mapping[str, Any]
    api_version: str

    def check(self) -> Iterator[Finding]:
        """Yield what is wrong with single names and values, in the order of the document."""
        yield from self._check_table("", "", self.document)

    def _check_table(
        self, pattern: str, key: str, table: Mapping[str, Any], by: str = ""
    ) -> Iterator[Finding]:
        variant = _variant(pattern, table, by)
        known = CHILDREN.get(pattern, ())
        for name, value in table.items():
            child_key, child_pattern = _join(key, name), _join(pattern, name)
            if name not in known:
                yield _unknown_name(child_key, name, known)
                continue
            fields = FIELDS_BY_KEY[child_pattern]
            fitting = [
                each
                for each in fields
                if not each.variants or not isinstance(variant, str) or variant in each.variants
            ]
            if not fitting and not _known_variant(pattern, by, variant):
                fitting = list(fields)
            if not fitting:
                kinds = ", ".join(dict.fromkeys(kind for each in fields for kind in each.variants))
                yield ignored(
                    child_key,
                    f'`{name}` is not a field of {by} "{variant}"',
                    f"it belongs to {kinds}",
                )
                continue
            field = fitting[0] if len(fitting) == 1 else _least_strict(fitting)
            yield from self._check_field(field, child_key, value)
        yield from _missing(pattern, key, table, variant)

    def _check_field(self, field: Field, key: str, value: Any) -> Iterator[Finding]:
        """Check a field and its value; a value that this version of the API ignores is not
        looked at."""
        version = field.needs.version_sentence(self.api_version)
        if version:
            yield self._ignored_by_version(key, version)
            return
        if value not in ("", [], {}) and not (value == NONE and field.nullable):
            yield from self._unmet(key, f"`{key}`", field.needs, "remove it")
        yield from self._check_value(field, key, value)

    def _ignored_by_version(self, key: str, version: str) -> Finding:
        name = key.rpartition(".")[2]
        if name in RENAMED and "end_of_utterance" in key:
            return ignored(
                key,
                f"`{name}` is not the spelling of api-version {self.api_version}, which ignores it",
                f"write `{RENAMED[name]}`",
            )
        return ignored(
            key,
            f"api-version {self.api_version} ignores `{key}`, which exists {version}",
            "remove it, or set `api_version` in [service]",
        )

    def _unmet(self, key: str, what: str, needs: Requirement, cure: str) -> Iterator[Finding]:
        sentence = unmet_model_or_voice(needs, self.document)
        if not sentence:
            return
        verb, negated = (
            ("works", "does not work") if needs.refused else ("has an effect", "has no effect")
        )
        if sentence.startswith("not "):
            message = f"{what} {negated} {sentence.removeprefix('not ')}"
        else:
            message = f"{what} {verb} {sentence}{self._model(needs)}"
        yield (refused if needs.refused else ignored)(key, message, cure)

    def _model(self, needs: Requirement) -> str:
        """Return the model of the document behind a sentence about models; empty where another
        value than its name decides."""
        service = self.document.get("service", {})
        if not needs.models or not isinstance(service, Mapping):
            return ""
        if {AGENT_NAME, BYOM_PARAMETER} & query_of(service).keys():
            return ""
        model = service.get("model")
        return f", not with {truncated(str(model or 'gpt-4o'))}{'' if model else ', the default'}"

    def _check_value(self, field: Field, key: str, value: Any) -> Iterator[Finding]:
        if value == NONE and field.nullable:
            return
        if not any(has_kind(value, kind) for kind in field.kinds) or (
            isinstance(value, str) and "string" not in field.kinds
        ):
            expected = " or ".join(dict.fromkeys(_KIND_NAMES[kind] for kind in field.kinds))
            message = f"`{key}` must be {expected}, not {described(value)}"
            yield _wrong(field, key, message, field.help + _example(field))
            return
        match value:
            case str():
                yield from self._check_text(field, key, value)
            case list():
                yield from self._check_array(field, key, value)
            case dict() if "map" not in field.kinds:
                yield from self._check_table(field.key, key, value, field.discriminator)
            case dict() if field.texts:
                for name, each in value.items():
                    if not isinstance(each, str):
                        message = f"`{key}.{name}` must be a string, not {described(each)}"
                        yield _wrong(field, f"{key}.{name}", message, "put it between quotes")
            case bool():
                pass
            case int() | float():
                yield from _check_range(field, key, value)

    def _check_text(self, field: Field, key: str, value: str) -> Iterator[Finding]:
        """Check a text: a known value that this model, voice and version have, or the form."""
        first_preview = self.api_version == FIRST_PREVIEW and value in field.first_preview
        if field.values and value not in field.values and not first_preview:
            if field.key not in _JUDGED_BY_RULES:
                yield _unknown_value(key, value, field)
        elif field.form is not None and not field.form.fits(value):
            message = f'"{truncated(value)}" cannot be the value of `{key}`'
            yield _wrong(field, key, message, field.form.expected)
        needs = field.value_needs.get(value, NO_NEEDS)
        if needs is NO_NEEDS:
            return
        cure = self._other_value(field)
        version = needs.version_sentence(self.api_version)
        if version:
            message = f'"{value}" of `{key}` exists {version}, not in {self.api_version}'
            yield refused(key, message, f"set another `api_version` in [service], or {cure}")
        else:
            yield from self._unmet(key, f'"{value}" of `{key}`', needs, cure)

    def _other_value(self, field: Field) -> str:
        """Return the cure for a value that cannot be used: the first that can."""
        usable = (
            value
            for value in field.values
            if not unavailable_value(field, value, self.document, self.api_version)
        )
        other = next(usable, "")
        return f'use "{other}"' if other else "remove it"

    def _check_array(self, field: Field, key: str, value: Sequence[Any]) -> Iterator[Finding]:
        if field.most is not None and len(value) > field.most:
            message = f"`{key}` has {len(value)} elements, and the service takes at most"
            yield _wrong(field, key, f"{message} {field.most}", "remove some")
        if "strings" in field.kinds:
            for at, each in enumerate(value):
                yield from self._check_text(field, f"{key}.{at}", each)
        elif f"{field.key}.*" in FIELDS_BY_KEY:
            element = FIELDS_BY_KEY[f"{field.key}.*"][0]
            for at, each in enumerate(value):
                yield from self._check_value(element, f"{key}.{at}", each)


def _variant(pattern: str, table: Mapping[str, Any], by: str) -> Any:
    """Return the variant of a table, stated or by default; None for a table without variants."""
    if not by:
        return None
    return table.get(by, FIELDS_BY_KEY[_join(pattern, by)][0].defaults.get(""))


def _wrong(field: Field, key: str, message: str, hint: str) -> Finding:
    return Finding(key, "error", message, hint, by_service=not field.strict)


def _example(field: Field) -> str:
    """Return an example of a table that states a variant; empty for every other field."""
    if not field.discriminator or "string" in field.kinds:
        return ""
    (by, *_) = FIELDS_BY_KEY[f"{field.key}.{field.discriminator}"]
    name = field.key.rpartition(".")[2]
    value = f'{{ {field.discriminator} = "{by.values[0]}" }}'
    return f"; for example {value if name == '*' else f'{name} = {value}'}"


def _check_range(field: Field, key: str, value: float) -> Iterator[Finding]:
    low, high = field.low, field.high
    if (low is None or value >= low) and (high is None or value <= high):
        return
    expected = (
        f"from {low:g} to {high:g}" if low is not None and high is not None else f"{low:g} or more"
    )
    message = f"`{key}` is {value:g}, outside the range that the service is known to accept"
    yield _wrong(field, key, message, f"{expected}: {field.help}")


def _missing(pattern: str, key: str, table: Mapping[str, Any], variant: Any) -> Iterator[Finding]:
    for name in CHILDREN.get(pattern, ()):
        for field in FIELDS_BY_KEY[_join(pattern, name)]:
            applies = not field.variants or (isinstance(variant, str) and variant in field.variants)
            if field.required and applies and name not in table:
                hint = f"one of {', '.join(field.values)}" if field.values else field.help
                message = f"`{name}` is missing in `{key}`"
                yield (ignored if field.defaults else refused)(key, message, hint)


def _least_strict(fields: Sequence[Field]) -> Field:
    """Return the declaration that is least strict, for a table whose variant is not known."""
    return min(fields, key=lambda each: bool(each.values))


def _known_variant(pattern: str, by: str, variant: Any) -> bool:
    return bool(by) and any(
        variant in each.values for each in FIELDS_BY_KEY.get(_join(pattern, by), ())
    )


def _unknown_name(key: str, name: str, known: Sequence[str]) -> Finding:
    """Return the finding about an unknown name: it is a mistake when a known one is near, or
    outside `[session]`; otherwise it may be newer than this version."""
    guess = closest_match(name, known)
    hint = f"did you mean `{guess}`? " if guess else ""
    message = f"`{key}` is not known to this version"
    if not key.startswith("session."):
        return ignored(key, message, f"{hint}it is kept but has no effect")
    if guess:
        return ignored(key, message, f"{hint}it is sent unchanged")
    return Finding(key, "info", message, "it is sent unchanged")


def _unknown_value(key: str, value: str, field: Field) -> Finding:
    guess = closest_match(value, field.values)
    hint = f'did you mean "{guess}"?' if guess else f"known: {', '.join(field.values)}"
    if field.key == "session.turn_detection.type" and value == NONE:
        hint = 'for manual turns write turn_detection = "none" in [session]'
    elif field.key == "session.voice" and not guess:
        hint = (
            "a plain name is one of OpenAI's, such as alloy; others are tables: "
            'voice = { type = "azure-standard", name = "en-US-AvaNeural" }'
        )
    elif "integer" in field.kinds and not guess:
        hint = f"a whole number from {field.low:g} to {field.high:g}, or {', '.join(field.values)}"
    return _wrong(field, key, f'"{truncated(value)}" is not a known value of `{key}`', hint)


def _join(left: str, right: str) -> str:
    return f"{left}.{right}" if left else right
