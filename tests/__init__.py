"""The tests, mirrored by package: `events`, `parser`, `statemachine` and `h11`, then the whole."""
