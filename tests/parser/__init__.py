"""The tests of `h11_parser`, which need only that package and `h11_events`."""
