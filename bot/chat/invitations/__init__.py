"""Invitations: links by which admins let people in."""
