"""A console for people who build real-time voice agents on Azure's Voice Live API."""

from voicelive_common import __version__ as __version__
