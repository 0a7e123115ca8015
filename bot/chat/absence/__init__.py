"""The bot was off for longer than Telegram keeps what is sent to it."""
