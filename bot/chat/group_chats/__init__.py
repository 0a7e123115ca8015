"""What is different in Telegram's group chats, where others read along and a bot is shown little of what is said."""
