"""The tests of this repository on every Python that the packages are meant for."""
