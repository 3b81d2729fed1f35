"""Scene generator, exact truth and model training; never imported by the rest of the package."""
