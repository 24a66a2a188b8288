"""The notice of an internal error, in the one wording that every border of the engine uses."""

from voicelive_tui.model.notice import Notice


def internal_error(error: BaseException | None, what: str, advice: str = "") -> Notice:
    """Return the notice of an error that the caller has logged.

    what: the words that complete "An internal error ...", such as "in the export". advice: one
    more sentence, or empty. error: None if only the event loop's message is known.
    """
    name = type(error).__name__ if error is not None else "unknown"
    text = f"An internal error ({name}) {what}; the log has the details."
    return Notice("error", f"{text} {advice}".rstrip())
