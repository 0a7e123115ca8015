"""Confirmed imports in the chat: the card of a batch and its buttons."""
