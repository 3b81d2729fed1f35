"""Makes a model: trains, exports, calibrates and chooses, and records what was done."""
