"""The import log in the chat."""
