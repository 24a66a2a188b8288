"""The output items of a response: messages, function calls, MCP calls. Imports `tools` and
`state`."""
