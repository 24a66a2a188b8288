"""Code that the console and the simulator share because it does not interpret the API.

The package imports neither of the two, and nothing outside the standard library except numpy, in
the modules that compute on sound.

* `audio_codecs`, `g711`, `wav`: the bytes of sound and the headers of sound files.
* `voice_activity`: the detection of speech.
* `text_file`, `line_reader`, `json_text`, `toml`: bounded readers for input that anyone may have
  written.
* `redaction`, `printable`: what may be kept, and what may be sent to a terminal.
* `addresses`: which hosts stay on this machine. `exit_codes`: how a run of either program ended.

The behaviour of the service and the format of a recording are implemented twice on purpose, once in
each package: the tests check one implementation against the other.
"""

__version__ = "0.1.0"
