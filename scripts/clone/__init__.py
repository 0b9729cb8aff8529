"""The commands of a clone (`make` lists them); standard library only, so that they run before any set-up."""
