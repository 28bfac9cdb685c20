"""Our client role, alone and below httpx, asks the servers that the world runs."""
