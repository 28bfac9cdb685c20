"""The adversary's tests: what an attacker sends, and what becomes of it."""
