"""Whether a sound file can stand for the microphone, known before anything is opened for
writing."""


def unreadable(spec: str | None) -> str:
    """Why the file that an input's port spec names cannot be read, as a sentence; empty when it
    can, or when no file is named."""
    if spec is None or not spec.startswith("wav:"):
        return ""
    # Imported on use: it brings numpy.
    from voicelive_tui.audio.files.sound_decoder import SoundFileError
    from voicelive_tui.audio.files.sound_file import check_sound

    try:
        check_sound(spec.removeprefix("wav:"))
    except SoundFileError as error:
        return f"{error}."
    return ""
