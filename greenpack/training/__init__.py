"""Scene generator, exact truth and model training; never imported by the rest of the package.

`scene.py` says what one synthetic photograph shows; all else draws, photographs or uses these.
Each folder imports only from those before it: drawing, printed, goods, filler, cartons, places,
pictures, scenes, samples, datasets, evaluation, fitting.
"""
