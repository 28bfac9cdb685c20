"""Fuzzers: for each reader, and for a connection from either end, what must hold for any octets."""
