"""Raw HTTP/1.1 bytes in, a report of what the library sees in them out: `python -m h11`.

Nothing in here is imported unless that command runs.
"""
