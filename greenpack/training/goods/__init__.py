"""Goods: which kinds there are, their shapes and looks, and how they lie in a carton."""
