"""GreenPack: finds parcels far too big for what is in them, and says how sure it is."""

__version__ = "0.1.0"
