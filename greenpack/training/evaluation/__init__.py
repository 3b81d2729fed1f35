"""Holds a model against truth: reads the truth, compares each picture, adds up, reports."""
