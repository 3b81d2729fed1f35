"""The public samples: which photos there are, the scene behind each, their tables."""
