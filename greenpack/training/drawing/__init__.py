"""What everything drawn is made of: triangle meshes, random fields, patterns, materials."""
