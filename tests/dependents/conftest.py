"""What is left out here: the tests that run in the environments of dependents alone."""

collect_ignore = ["public"]
