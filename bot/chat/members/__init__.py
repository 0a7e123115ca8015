"""Commands with which admins let people in and out."""
