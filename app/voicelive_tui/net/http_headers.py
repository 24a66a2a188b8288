"""The headers of an HTTP answer as a plain mapping."""

from collections.abc import Iterable


def first_headers(items: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return each header by its name in title case, such as `Retry-After`. Of a header that stands
    there more than once the first one counts."""
    found: dict[str, str] = {}
    for name, value in items:
        found.setdefault(name.title(), value)
    return found
