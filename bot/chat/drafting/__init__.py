"""A draft in the chat: its card, its buttons, and what somebody types."""
