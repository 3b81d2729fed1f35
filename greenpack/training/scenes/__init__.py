"""Draws a whole scene from a seed: what is in the picture, and where the camera stands."""
