"""The choice among a response's tools, and the MCP servers. Imports `state`."""
