"""The project, and the floor that every room stands on."""
