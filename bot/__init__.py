"""A Telegram bot with which a team imports browser profiles into ixBrowser from their phones."""

__version__ = "0.1.0"
