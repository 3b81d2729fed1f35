"""Renders training sets in processes that may crash or hang, and records what is in them."""
