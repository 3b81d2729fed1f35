"""Cameras over the belt: the printed board, the calibration, and the proof against a tape."""
