"""Code of the console and of the simulator that is no reading of the API: codecs, files, TOML, redaction. Imports neither."""

__version__ = "0.1.0"
