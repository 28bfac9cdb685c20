"""How fast our packages and the upstream release do the same work, timed in alternation."""
