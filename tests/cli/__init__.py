"""Tests of the command line, most of them in a process of its own."""
