"""Settings for all tests: how hypothesis searches, and what is not looked for."""

import os

from hypothesis import settings

# Needs programs of other people: `hatch run interop`.
collect_ignore = ["interop"]

# Times on shared machines say nothing about the code.
settings.register_profile("local", deadline=None)
# What is new should not turn up in a run that decides whether a change lands.
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")
