"""The rules of `[session]` about the user's audio: its format, and the reference of the echo
cancellation (protocol.md sections 6 and 7)."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from voicelive_tui.model.profile.fields.input_audio_fields import MOST_PHRASES
from voicelive_tui.model.profile.rules.finding import Finding, ignored, refused

_PCM: Final = "pcm16"
_RATES_HZ: Final = {
    _PCM: (8_000, 16_000, 24_000, 44_100),
    "g711_ulaw": (8_000,),
    "g711_alaw": (8_000,),
}
_ECHO: Final = "session.input_audio_echo_cancellation"
_FEATURE: Final = "client_ec_reference:true"


def check_audio(service: Mapping[str, Any], session: Mapping[str, Any]) -> Iterator[Finding]:
    """Check that format, sampling rate and the channels of the echo cancellation fit together."""
    audio_format = session.get("input_audio_format", _PCM)
    yield from _check_rate(session.get("input_audio_sampling_rate"), audio_format)
    echo = session.get("input_audio_echo_cancellation")
    if isinstance(echo, Mapping):
        yield from _check_echo(echo, audio_format, service.get("query", {}))
    old_table = session.get("input_audio")
    if isinstance(old_table, Mapping):
        yield from _check_first_preview(old_table)


def _check_rate(rate_hz: Any, audio_format: Any) -> Iterator[Finding]:
    known = _RATES_HZ.get(audio_format) if isinstance(audio_format, str) else None
    if isinstance(rate_hz, int) and known and rate_hz not in known:
        yield refused(
            "session.input_audio_sampling_rate",
            f"{rate_hz} Hz is no sampling rate of {audio_format}",
            f"use {', '.join(map(str, known))}",
        )


def _check_echo(
    echo: Mapping[str, Any], audio_format: Any, query: Mapping[str, Any]
) -> Iterator[Finding]:
    source, channels = echo.get("reference_source", "server"), echo.get("channels", 1)
    if source not in ("server", "client") or channels not in (1, 2):
        return
    if (source, channels) not in (("server", 1), ("client", 2)):
        yield refused(
            _ECHO,
            "reference_source and channels do not fit together",
            "valid: server with 1, client with 2",
        )
    elif source == "client":
        if audio_format in ("g711_ulaw", "g711_alaw"):
            yield refused(
                "session.input_audio_format",
                f"the echo reference of the client needs pcm16, not {audio_format}",
                'write input_audio_format = "pcm16", or reference_source = "server"',
            )
        if _FEATURE not in str(query.get("features", "")):
            yield ignored(
                f"{_ECHO}.reference_source",
                "the service asks for a feature in the address before it takes the client's echo "
                "reference",
                f'add features = "{_FEATURE}" to [service.query]',
            )


def _check_first_preview(table: Mapping[str, Any]) -> Iterator[Finding]:
    """Check `input_audio`, which 2025-05-01-preview alone has (protocol.md section 6.3)."""
    key = "session.input_audio"
    if table.get("model", "azure-standard") != "azure-standard":
        yield refused(f"{key}.model", f"`{key}.model` has one value", 'write "azure-standard"')
    phrases = table.get("phrase_list", [])
    if not isinstance(phrases, list) or not all(isinstance(each, str) for each in phrases):
        message = f"`{key}.phrase_list` must be an array of strings"
        yield refused(f"{key}.phrase_list", message, "the words to expect")
    elif len(phrases) > MOST_PHRASES:
        message = f"`{key}.phrase_list` has {len(phrases)} elements"
        yield refused(f"{key}.phrase_list", message, f"the service takes at most {MOST_PHRASES}")
