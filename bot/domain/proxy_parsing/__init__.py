"""From what people write to a proxy choice, or to a question."""
