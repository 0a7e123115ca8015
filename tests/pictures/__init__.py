"""The pictures of the README: conversations with the bot, had in the demo's world and drawn as on a phone."""
