"""The secrets in a run's configuration, and how each is described without its value."""

from collections.abc import Iterable
from dataclasses import dataclass

from voicelive_common.redaction.secret import MOST, Secret, why_shown


@dataclass(frozen=True, slots=True)
class HeldSecrets:
    """Values that are hidden in all output for the lifetime of this object.

    names: the source of each value, as the user knows it. shown: the names of secrets that cannot
    be hidden, with the reason.
    """

    values: tuple[Secret, ...] = ()
    names: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return one line for the user, with names only."""
        hidden = f"{len(self.values)} hidden in all output" + (
            f": {', '.join(self.names)}" if self.names else ""
        )
        return hidden + (f"; not hidden: {', '.join(self.shown)}" if self.shown else "")


def hold_secrets(named: Iterable[tuple[str, str]]) -> HeldSecrets:
    """Hold the values of these (name, value) pairs, at most `MOST` of them: each value makes every
    text slower to search."""
    values: dict[str, str] = {}
    shown, omitted = [], 0
    for name, value in named:
        if value in values:
            continue
        if reason := why_shown(value):
            shown.append(f"{name} ({reason})")
        elif len(values) < MOST:
            values[value] = name
        else:
            omitted += 1
    if omitted:
        shown.append(f"{omitted} more (at most {MOST} can be hidden)")
    return HeldSecrets(tuple(map(Secret, values)), tuple(values.values()), tuple(shown))
