"""What somebody chooses for themselves: language and time zone."""
