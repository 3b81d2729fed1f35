"""How safe and how strong the void bound is: `python -m benchmarks.void_bound`.

Prints the share of dead ground that would have to count as full so that the bound for upright
goods never exceeds the truth, how often the plain closed form does, and the share of parcels ten
points above a 50 % limit that each bound catches when the areas are known exactly.
"""

from __future__ import annotations

import argparse

import numpy as np
from shapely.affinity import scale
from shapely.geometry import box
from shapely.ops import unary_union

from greenpack.measure.void_bound import (
    DEAD_GROUND,
    Goods,
    fill_factor,
    hidden_share,
    possibly_full,
    void_lower_bound,
)
from tests.measure.simulated_carton import random_carton


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cartons", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    print(f"dead ground counted as full: {DEAD_GROUND}; {arguments.cartons} cartons a row")
    print(
        "kappa    foot         needed   closed form above truth   bound above truth"
        "   caught: closed form  upright  any"
    )
    for kappas in ((0.4, 2.0), (2.0, 6.0)):
        for reach in (0.0, 1.5):
            random = np.random.default_rng(arguments.seed)
            needed, worst, above, false = 0.0, 0.0, 0, 0
            caught = np.zeros(3)
            guilty = 0
            for _ in range(arguments.cartons):
                carton = random_carton(random, blocks=int(random.integers(1, 6)))
                kappa = random.uniform(*kappas)
                foot = tuple(float(at) for at in random.uniform(-reach, 1 + reach, 2))
                camera = np.array(
                    [foot[0] * carton.length, foot[1] * carton.width, kappa * carton.depth]
                )
                seen = scale(
                    unary_union(carton.silhouettes(camera)),
                    1 / carton.length,
                    1 / carton.width,
                    origin=(0, 0),
                ).intersection(box(0, 0, 1, 1))
                filled = 1 - carton.void_ratio
                upright = fill_factor(kappa) * seen.area + hidden_share(foot, kappa)
                anything = possibly_full(seen, kappa, foot)
                if filled > upright + 1e-9:
                    above += 1
                    worst = max(worst, filled - upright)
                    needed = max(needed, (filled - upright) / (anything - upright))
                bounds = (
                    1 - upright,
                    void_lower_bound(seen, kappa, foot),
                    void_lower_bound(seen, kappa, foot, Goods.ANY),
                )
                false += bounds[1] > carton.void_ratio + 1e-9
                if carton.void_ratio > 0.6:
                    guilty += 1
                    caught += np.array(bounds) > 0.5
            print(
                f"{kappas[0]:.1f}-{kappas[1]:.1f}  {-reach:+.1f}..{1 + reach:.1f}    {needed:6.3f}"
                f"   {above:6d} (worst {worst:.3f})     {false:6d}              "
                + "  ".join(f"{share:6.1%}" for share in caught / max(1, guilty))
            )


if __name__ == "__main__":
    main()
