"""What a person can do: one module a feature, plain functions over one transaction."""
