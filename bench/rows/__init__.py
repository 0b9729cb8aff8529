"""The rows of the bench: each yields its lines."""
