"""The example proxy between programs of the world: both our roles at once."""
