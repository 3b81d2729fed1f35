"""Where a photo is taken: ground, light, walls, furniture, people and what lies about."""
