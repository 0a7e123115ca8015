"""What admins are told of many wrong codes."""
