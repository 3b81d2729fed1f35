"""What can be wrong with a camera: codes, meanings and advice for ``greenpack.reasons``."""

from __future__ import annotations

CAMERA_REASONS = (
    (
        "sizes_unproven",
        "the interval is clear of the limit, but rests on sizes that were not held against a tape",
        "Measure the parcel by hand, or calibrate the camera, prove it with `greenpack camera "
        "verify`, and audit the photos again.",
    ),
    (
        "board_unsuitable",
        "no such calibration board can be printed",
        "Take fewer or smaller squares, or larger paper; the default boards always fit.",
    ),
    (
        "board_size_unknown",
        "the printed size of the calibration board is not known",
        "Measure the printed ruler with a steel rule and give --ruler MM; for a board of your own "
        "squares give --squares and --square as well.",
    ),
    (
        "board_size_doubtful",
        "the calibration board is not the one that is told",
        "Use one board for all photos; measure the line that should be 200 mm, or one square.",
    ),
    (
        "calibration_too_few_photos",
        "too few photos show the calibration board well enough",
        "Take 15 to 20 sharp photos of the whole board, moved and tilted between them.",
    ),
    (
        "calibration_poor_fit",
        "no camera fits the photos of the calibration board",
        "Glue the board to a stiff flat plate, hold it still, take sharp photos with the zoom "
        "and focus that the camera will keep.",
    ),
    (
        "calibration_one_tilt",
        "the calibration board faces nearly the same way in all photos",
        "Tilt the board 20 to 45 degrees to the left, right, front and back between photos.",
    ),
    (
        "calibration_middle_only",
        "the calibration board is seen in a part of the picture only",
        "Move the board into every corner and along every edge of the picture.",
    ),
    (
        "calibration_uncertain",
        "the photos of the calibration board leave the focal length open",
        "Take more photos, closer, and with the board tilted more.",
    ),
    (
        "belt_not_seen",
        "the photo does not show the calibration board on the belt",
        "Lay the whole board flat on the belt, and photograph it as parcels are photographed.",
    ),
    (
        "belt_uncertain",
        "where the belt lies is not known well enough",
        "Lay a larger board (A3) flat on the belt, in several places, without moving the camera.",
    ),
    (
        "camera_unknown",
        "there is no such camera",
        "See `greenpack camera list`; `greenpack camera calibrate` adds one.",
    ),
    (
        "camera_ambiguous",
        "the name fits more than one",
        "Name the hub with --hub, if need be as PROVINCE/MUNICIPALITY/HUB.",
    ),
    (
        "camera_not_calibrated",
        "the camera was never calibrated",
        "Calibrate it first: `greenpack camera calibrate`.",
    ),
    (
        "verification_empty",
        "no photo could be compared with the tape",
        "The table needs a row photo,length_mm,width_mm,height_mm for each photo, by file name.",
    ),
    (
        "tape_table_invalid",
        "the table of tape measurements has a row that cannot be used",
        "Give each row a photo's file name and length_mm, width_mm and height_mm above zero.",
    ),
    (
        "not_in_tape_table",
        "the table of tape measurements has no row for this photo",
        "Add a row with the photo's file name, or leave the photo out.",
    ),
)
