"""Tests of reports, on results built by hand."""
