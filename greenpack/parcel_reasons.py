"""Why a closed parcel gets no sizes: codes, meanings and advice for ``greenpack.reasons``."""

from __future__ import annotations

PARCEL_REASONS = (
    (
        "several_parcels",
        "more than one parcel of comparable size is in the picture",
        "Photograph one parcel at a time, or keep more distance between parcels on the belt.",
    ),
    (
        "parcel_cut_off",
        "the parcel runs out of the picture",
        "Step back, or move the camera, until the whole parcel is in the picture.",
    ),
    (
        "parcel_too_small",
        "the parcel is too small in the picture to be measured",
        "Go closer: the parcel should span at least a quarter of the picture.",
    ),
    (
        "not_a_box",
        "the parcel's outline is not that of a box: a bag, a mailer or a damaged carton",
        "Measure it by hand; bags and envelopes get no length, width and height from a photo.",
    ),
    (
        "edges_unclear",
        "the parcel's edges do not show clearly where its outline has them",
        "Photograph it in even light, with nothing touching it, on a plain ground that differs "
        "from it.",
    ),
    (
        "no_scale",
        "nothing in the picture tells how large a millimetre is",
        "Open the parcel and photograph it from above; or let a whole waybill label with its "
        "barcode, or a marker, be seen; or calibrate the camera over the belt.",
    ),
    (
        "faces_not_seen",
        "too little of the parcel's faces is seen to tell its sizes",
        "Photograph it across a corner, so that its top and two sides are seen; from straight "
        "above the height must be given.",
    ),
    (
        "no_declared_contents",
        "the closed parcel was measured, but the sizes of what is in it were not declared",
        "Import the waybill data with the goods' sizes, or open the parcel and photograph it.",
    ),
    (
        "camera_mismatch",
        "the photo has other proportions than those that the camera was calibrated with",
        "Name the camera that took it, and send its photos as they are, not cropped or turned.",
    ),
    (
        "scales_disagree",
        "two sources of scale in one picture contradict each other",
        "Check the camera's calibration, the marker's size and the label's format.",
    ),
)
