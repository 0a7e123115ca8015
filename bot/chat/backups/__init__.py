"""What admins are told of backups."""
