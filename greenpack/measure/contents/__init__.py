"""The declared goods against the parcel: can they go in, how empty is it, how well does it fit."""
