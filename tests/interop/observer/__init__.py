"""Real traffic, captured as it passes: the observer tells of it what the server has logged."""
