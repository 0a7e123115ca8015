"""A restored database: what admins and people are told, and what admins answer."""
