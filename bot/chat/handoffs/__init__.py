"""Codes that people leave for one another."""
