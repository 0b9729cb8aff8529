"""The workshop: what builds, runs and checks the portal in a clone."""
