"""Promises to type checkers: what they see of the public interface, and of programs that use it."""
