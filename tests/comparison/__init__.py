"""Our `h11` and the upstream release, each in a process of its own, play the same conversations."""
