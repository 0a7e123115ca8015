"""The audit in the chat."""
