"""Who takes part: organisations with validity and succession, people, their duties."""
