"""From a scene to its photograph: meshes, Blender, lens and sensor, and the exact truth."""
