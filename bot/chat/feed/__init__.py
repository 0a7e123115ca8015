"""The team's feed: its card, its sentences, and what tells it."""
