"""The forms of the English sentences that judging and measuring put into the records.

They repeat the wording of ``greenpack.rules.judge``, ``greenpack.judging``, ``greenpack.measure``
and ``greenpack.cameras``, which know nothing of pages. Whoever changes a sentence there adds its
new form here and keeps the old one: records of that time still have it.
"""

from __future__ import annotations

from typing import Final

from greenpack.language.speaking import mark

JUDGED: Final = (
    mark("{clause}; the text of this rule was not verified, so this is only a hint"),
    mark("{clause}; but {doubt}, so this is only a hint"),
    mark("{clause}, but {case} would be exempt, and {doubt}"),
    mark("{clause}, assuming what is not declared: that this is not {case}"),
    mark("{clause}, assuming what is not declared: that this is neither {cases}"),
    mark("the rule is in force {period}, not on {day}"),
    mark("the rule is in force {period}, and it is not known when this was packed"),
    mark(
        "the rule is in force {period}, and only one of photo ({day}) and declared packing day "
        "({other_day}) lies in that time"
    ),
    mark("{case} is exempt from this rule"),
    mark("the photo could not be measured, because {reason}"),
    mark("the rule limits {quantity}, which was not measured"),
    mark("{numbers}, wholly beyond the limit of {limit}"),
    mark("{numbers}, wholly within the limit of {limit}"),
    mark("{numbers}, on both sides of the limit of {limit}"),
    mark("{numbers}, and the limit may be {limit}, because {cause}"),
    mark("{quantity} is {value} (95 % interval {low} to {high})"),
    mark("{quantity} lies between {low} and {high} (95 % interval)"),
    mark("at most {limit}"),
    mark("at least {limit}"),
    mark("below {limit}"),
    mark("above {limit}"),
    mark("from {day}"),
    mark("to {day}"),
    mark("from {day} to {other_day}"),
    mark("{names} is unknown"),
    mark("{names} are unknown"),
    mark("sizes by a {scale} were not held against a tape"),
    mark("the camera was {doubt}"),
    mark("{axis} not measured"),
    mark("{axis}: {count} parcels, {number} needed"),
    mark("{axis}: bias {low} to {high}, limit {number}"),
    mark("{axis}: bias unknown, limit {number}"),
    mark("{axis}: spread {value}, limit {number}"),
    mark("{axis}: spread unknown, limit {number}"),
    mark("{one}; {other}"),
)

MEASURED: Final = (
    mark("{how}, {coverage} of {count} pictures: {source}"),
    mark("normalised {how}, {factor} x sigma {sigma} ({told})"),
    mark("the outlines' resolution ({told}), above normalised {how}"),
    mark("cross-conformal in {folds} folds"),
    mark("outlines {outline}, doubt {doubt_of_shapes}, structure {structure}"),
    mark("{number} more of the opening may be taken than was seen: {how}, and corners"),
    mark("rounded edges are seen inside the corners: {number} were added"),
    mark("{count} readings of the photo fit; the interval covers them all"),
    mark(
        "split conformal, {factor} x the other parts, {coverage} of the sides of {boxes}: {source}"
    ),
    mark("{count} boxes"),
    mark("size of the parcel {size}, sizes of its goods as declared"),
    mark("as declared (volume to {number})"),
    mark("by photo (volume to {number})"),
    mark(
        "The carton is at most {factor} times as deep as its opening's shorter side, so the camera "
        "was at least {low} depths above the rim (it was {high} shorter sides above it)."
    ),
    mark(
        "The camera was at least {low} carton depths above the rim, as set; by the picture this "
        "holds for cartons up to {factor} times as deep as their opening's shorter side."
    ),
    mark(
        "The goods are upright: no section below is larger than the one seen; {number} of the dead "
        "ground behind them counts as full."
    ),
    mark("The declared sizes of {things} are true to {number} an edge."),
    mark("The parcel's walls are {low} to {high} thick on each side."),
    mark("The parcel's walls are {low} to {high} thick on each side, {number} where flaps meet."),
    mark(
        "The scale is the calibrated camera's ({source}): its height over the belt is known to "
        "{number} (95 %)."
    ),
    mark("The scale is that of {names}, printed true to {number} (95 %)."),
    mark("Tape is seen, but not how wide it is: {doubt}."),
    mark("At least {number} of tape are seen; how much is on the other faces is unknown."),
    mark("calibrated from {count} photos of the board, {number} pixels rms"),
    mark("label {width} x {height} mm"),
    mark("marker {mark}"),
)

WORDS: Final = (
    mark("always"),
    mark("what can be declared does not settle whether this is one"),
    mark("the text of the rule"),
    mark("the kind of packaging"),
    mark("the class of the goods"),
    mark("the number of products"),
    mark("the number of different products"),
    mark("the parcel's length + width + height"),
    mark("the parcel's longest side"),
    mark("the mass of the products"),
    mark("the mass of the packaging"),
    mark("whether a machine packed it"),
    mark("whether the filler is paper"),
    mark("whether it ships in its sales packaging"),
    mark("calibrated camera"),
    mark("waybill label"),
    mark("never calibrated"),
    mark("never verified"),
    mark("verified before its newest calibration"),
    mark("length"),
    mark("width"),
    mark("height"),
    mark("all sizes"),
    mark("model"),
    mark("corners"),
    mark("model and corners"),
    mark("height and dead ground"),
    mark("hidden by the wall"),
    mark("edges"),
    mark("scale corners"),
    mark("scale size"),
    mark("focal length"),
    mark("belt"),
    mark("lean"),
    mark("other readings"),
    mark("calibration"),
    mark("form"),
    mark("rounded edges"),
    mark("tape"),
    mark("declared sizes"),
    mark("size by photo, declared goods"),
    mark("residual of the opening's four sides, 95 %"),
    mark("split conformal"),
    mark("rendered scenes of our own generator; real photographs differ"),
    mark("rendered boxes under a hub camera; real ones differ"),
    mark("the worst of the calibrated scales"),
    mark("goods below the rim look smaller, and may stand behind others"),
    mark("dead ground behind the near wall"),
    mark("relative; half that of the area ratio"),
    mark("scatter of the edge points about the parcel's edges"),
    mark("scatter of the corners of what gives the scale"),
    mark("tolerance of the printed size, the same for all three sizes"),
    mark("uncertainty of the camera's focal length"),
    mark("uncertainty of the camera's height over the belt"),
    mark("a box may lean by a third of a degree"),
    mark("uncertainty of the height given"),
    mark("boxes bulge"),
    mark("place of the tape's edges, and the size of its face"),
    mark("Nothing is assumed of the goods' form."),
    mark("Visible filler may hide goods, so it counts as full."),
    mark("The picture is not cropped: its centre is the lens's."),
    mark("The goods lie in the parcel as they were packed."),
    mark("the parcel and its goods"),
    mark("the goods"),
    mark("The goods' edges lie along those of the cuboid around them."),
    mark("The parcel is a box; its sizes are those of the smallest cuboid around it."),
    mark("The photo was taken looking down and not rolled, so the upper face is the top."),
    mark("The lens's distortion is not corrected."),
    mark("The height is not seen; length and width hold for every height given."),
    mark("The tape's width is that of the strips whose edges show; others may differ."),
    mark("its edges do not show"),
    mark("it is folded over the parcel's edge"),
    mark("strips may overlap"),
    mark("focal length as the photo tells it"),
    mark("focal length unknown"),
)
