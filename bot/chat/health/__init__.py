"""How the bot is, for admins."""
