"""A console for people who build real-time voice agents on Azure's Voice Live API."""

__version__ = "0.1.0"
