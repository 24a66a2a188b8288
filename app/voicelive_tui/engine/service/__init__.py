"""The service of a session and the credentials for it. Imports `config`."""
