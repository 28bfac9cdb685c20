"""Tests of h11_statemachine: who may say what, when."""
