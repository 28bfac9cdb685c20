"""Tests of the package h11: both directions of one connection."""
