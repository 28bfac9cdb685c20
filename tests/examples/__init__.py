"""Tests of the programs in `docs/examples`, run as a reader would run them."""
