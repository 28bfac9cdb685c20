"""Tests of the repository itself: what its documents claim, and how it is put together."""
