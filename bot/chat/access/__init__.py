"""Asking to be let in, and answering that."""
