"""Stand-ins for both outside systems, and a chat in the terminal; the tests use them too."""
