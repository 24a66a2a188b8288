"""Which service a session talks to, and with which credentials. Imports `config`."""
