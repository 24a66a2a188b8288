"""Tools: the choice among them, and the MCP servers. Imports `state`."""
