"""The assistant's side: plans and runs responses. Imports `outputs`, `tools` and `state`."""
