"""Checks the sound file in place of the microphone before anything is opened for writing."""


def unreadable(spec: str | None) -> str:
    """A sentence that says why the file of an input's port spec cannot be read; empty if it can be
    read or if the spec names no file."""
    if spec is None or not spec.startswith("wav:"):
        return ""
    # Imported on use, because it imports numpy.
    from voicelive_tui.audio.files.sound_decoder import SoundFileError
    from voicelive_tui.audio.files.sound_file import check_sound

    try:
        check_sound(spec.removeprefix("wav:"))
    except SoundFileError as error:
        return f"{error}."
    return ""
