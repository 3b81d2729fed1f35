"""Packing material: which kinds there are, how each lies round the goods, and its look."""
