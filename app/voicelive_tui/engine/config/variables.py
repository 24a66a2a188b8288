"""The variables that a profile's headers and query may refer to: those of the environment, then
those of the `.env` files."""

from collections.abc import Mapping, Sequence


class Variables:
    """Looks up values by name. No text of this object holds a value."""

    def __init__(self, origins: Sequence[Mapping[str, str]] = ()) -> None:
        """origins: the variables of each, in the order in which they are searched."""
        self._origins = tuple(origins)

    def __repr__(self) -> str:
        return "Variables(***)"

    def value(self, name: str) -> str:
        """Return the first value that is not blank, without space around it; empty when there is
        none."""
        values = (origin.get(name, "").strip() for origin in self._origins)
        return next(filter(None, values), "")
