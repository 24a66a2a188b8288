"""Code of the console and of the simulator that is no reading of the API, so that it stands once.

Imports neither of the two packages, and nothing outside the standard library but numpy, where sound
is computed.

* `audio_codecs`, `g711`, `wav`: the bytes of sound, and the headers of its files.
* `voice_activity`: when somebody speaks.
* `text_file`, `line_reader`, `json_text`, `toml`: what anyone may have written, read within bounds.
* `redaction`, `printable`: what may be kept, and what a terminal may be given to show.
* `addresses`: which hosts stay on this machine. `exit_codes`: how a run of either program ended.

How the service behaves is read twice on purpose, once by each package, and so is the format of a
recording: tests hold one reading against the other.
"""

__version__ = "0.1.0"
