"""`greenpack serve` and `greenpack post`: the service, and what sends photos to it."""
