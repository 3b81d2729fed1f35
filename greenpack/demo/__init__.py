"""A plausible season of made-up parcels, to look at GreenPack with."""
