"""What can go wrong with what people upload and take out: codes for ``greenpack.reasons``."""

from __future__ import annotations

EXCHANGE_REASONS = (
    (
        "too_many_rows_for_xlsx",
        "the table has more rows than a sheet of a workbook holds",
        "Take it as CSV or Parquet, which have no such limit, or narrow it by its filters.",
    ),
    (
        "chart_not_drawn",
        "the picture of the chart could not be made",
        "Load the page again; if it goes on, take the table instead and tell whoever runs "
        "GreenPack.",
    ),
    (
        "upload_too_many",
        "these are more photos than one upload takes",
        "Upload them in several parts.",
    ),
    (
        "upload_unknown",
        "there is no such upload, or it is outside of what you may see",
        "Choose one from the list of uploads.",
    ),
    (
        "upload_hub_unknown",
        "there is no such hub, or it is outside of what you may see",
        "Choose a hub from the list, or none.",
    ),
    (
        "upload_profile_missing",
        "the profile that the upload was to be judged under is not there",
        "Put its file back into GREENPACK_PROFILES_FOLDER, then let the photo be tried again.",
    ),
    (
        "demo_folder_in_use",
        "the folder holds records that are no demonstration",
        "Name an empty folder: `greenpack demo --folder DIR`.",
    ),
)
