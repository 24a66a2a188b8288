"""The values of the environment that a profile's session sends in its query and its headers.

Invariant: a value is in no text of an error; a session gets it only for a host that the user has
confirmed (`credential_destination.py`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from voicelive_common.redaction.names import may_hold_secret
from voicelive_common.redaction.secret import Secret, why_shown

from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.model.profile.profile import Profile, Service
from voicelive_tui.model.profile.variable_references import variables_in, with_variables
from voicelive_tui.net.endpoint import EndpointError


@dataclass(frozen=True, slots=True)
class SentValues:
    """Query and headers with the values in place of the references. secrets: the values, which are
    hidden in all output while this object lives. not_hidden: a sentence for each secret that cannot
    be."""

    query: dict[str, str] = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    secrets: tuple[Secret, ...] = ()
    not_hidden: tuple[str, ...] = ()


def check_variables(profile: Profile, settings: Settings) -> None:
    """Raises EndpointError for a variable that is not set."""
    for name in profile.service.variables:
        if not settings.variables.value(name):
            raise EndpointError(
                f"The profile sends the value of {name}, which is set neither in the environment "
                "nor in an .env; set it, and start again."
            )


def sent_values(profile: Profile, settings: Settings) -> SentValues:
    """Return what a session of this profile sends. Raises EndpointError for a variable that is not
    set, or whose value no header can carry."""
    check_variables(profile, settings)
    value_of = settings.variables.value
    service = profile.service
    headers = {name: with_variables(value, value_of) for name, value in service.headers.items()}
    for name, value in headers.items():
        if not value.isascii() or not value.isprintable():
            names = " and ".join(variables_in([service.headers[name]]))
            raise EndpointError(
                f"The header {name} cannot carry the value of {names}; check it for line breaks "
                "and for letters outside ASCII."
            )
    values = dict.fromkeys(map(value_of, service.variables))
    return SentValues(
        query={name: with_variables(value, value_of) for name, value in service.query.items()},
        headers=headers,
        secrets=tuple(Secret(value) for value in values if not why_shown(value)),
        not_hidden=tuple(_not_hidden(service, value_of)),
    )


def _not_hidden(service: Service, value_of: Callable[[str], str]) -> Iterator[str]:
    """Yield a sentence for each variable with a secret that cannot be hidden. Its own name, or that
    of its header or parameter, says that it is a secret."""
    sent = [*service.headers.items(), *service.query.items()]
    for name in service.variables:
        fields = [field for field, value in sent if name in variables_in([value])]
        why = why_shown(value_of(name))
        if why and any(map(may_hold_secret, (name, *fields))):
            yield (
                f"The value of {name} is {why}, so it cannot be hidden where the server repeats "
                "it, as in an error or in the recording."
            )


def values_without_variables(profile: Profile) -> SentValues:
    """Return what the built-in simulator gets: the query without what refers to a variable, and no
    headers."""
    query = {
        name: value for name, value in profile.service.query.items() if not variables_in([value])
    }
    return SentValues(query=query, headers={})
