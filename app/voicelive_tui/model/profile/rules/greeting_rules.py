"""The rules of `[greeting]`."""

from collections.abc import Iterator, Mapping
from typing import Any

from voicelive_tui.model.profile.fields.greeting_fields import VERBATIM_SINCE
from voicelive_tui.model.profile.rules.finding import Finding


def check_greeting(
    service: Mapping[str, Any], greeting: Mapping[str, Any] | None
) -> Iterator[Finding]:
    """Check that the agent is given either a text or a prompt, and that the API version can say a
    text as it stands. greeting: None for a profile without this table."""
    if greeting is None:
        return
    filled = [name for name in ("text", "prompt") if str(greeting.get(name, "")).strip()]
    if len(filled) > 1:
        yield Finding(
            "greeting.prompt",
            "error",
            "`[greeting]` has both a text and a prompt",
            "keep `text` for words that are said as they stand, or `prompt` to let the model find "
            "them",
        )
    elif not filled:
        yield Finding(
            "greeting",
            "warning",
            "`[greeting]` is empty, so the agent waits for you to speak first",
            "give it a `text` or a `prompt`",
        )
    version = service.get("api_version", "")
    if filled == ["text"] and version and version < VERBATIM_SINCE:
        yield Finding(
            "greeting.text",
            "warning",
            f"api_version {version} says no text as it stands, so the model is asked to say it",
            f"from {VERBATIM_SINCE} on it is said word for word",
        )
