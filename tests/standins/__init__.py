"""Stand-ins of Telegram and ixBrowser for tests: they refuse what the real ones refuse, and fail on demand."""
