"""Tests that show each requirement of RFC 9110 and RFC 9112 on the wire, marked with its key."""
