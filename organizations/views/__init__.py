"""Pages of the organisations' room."""
