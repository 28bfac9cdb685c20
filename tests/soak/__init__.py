"""The example server under load for a while: nothing lost, nothing wrong, memory flat."""
