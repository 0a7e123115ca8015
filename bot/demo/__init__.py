"""A small pretend Telegram, a small pretend ixBrowser, and a chat in the terminal. The tests have stricter ones."""
