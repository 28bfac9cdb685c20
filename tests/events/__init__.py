"""The tests of `h11_events`, which need only that package."""
