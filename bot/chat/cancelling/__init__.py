"""``/cancel``, and the question which of several things is meant."""
