"""All that is known of the database. Nothing outside this package knows which one it is."""
