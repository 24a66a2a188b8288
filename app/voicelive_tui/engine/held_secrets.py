"""The secrets that a run holds from its configuration, and what is known of each without its value."""

from collections.abc import Iterable
from dataclasses import dataclass

from voicelive_tui.model.secret import MOST, Secret, why_shown


@dataclass(frozen=True, slots=True)
class HeldSecrets:
    """Values that are hidden as long as this lives.

    names: where each comes from, as a user recognises it. shown: what is called a secret and is not hidden, with the reason.
    """

    values: tuple[Secret, ...] = ()
    names: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    def __str__(self) -> str:
        """One line for a person; names only."""
        hidden = f"{len(self.values)} hidden wherever they would show" + (f": {', '.join(self.names)}" if self.names else "")
        return hidden + (f"; not hidden: {', '.join(self.shown)}" if self.shown else "")


def hold_secrets(named: Iterable[tuple[str, str]]) -> HeldSecrets:
    """Hold the values of these (name, value), at most `MOST` of them: each makes every text dearer to search."""
    values: dict[str, str] = {}
    shown, more = [], 0
    for name, value in named:
        if value in values:
            continue
        if reason := why_shown(value):
            shown.append(f"{name} ({reason})")
        elif len(values) < MOST:
            values[value] = name
        else:
            more += 1
    if more:
        shown.append(f"{more} more (at most {MOST} are)")
    return HeldSecrets(tuple(map(Secret, values)), tuple(values.values()), tuple(shown))
