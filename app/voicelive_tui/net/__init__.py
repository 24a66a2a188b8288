"""The websocket to the service, the credentials for it, and connection errors in plain words."""
