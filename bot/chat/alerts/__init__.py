"""What admins are told of the bot itself."""
