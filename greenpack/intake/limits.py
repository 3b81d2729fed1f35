"""How much of what strangers send is taken in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds that keep one hostile or broken file from taking the machine.

    Attributes:
        max_pixels: width x height of a photo, in pixels. A 100-megapixel sensor is the largest
            in phones and medium-format cameras.
        max_file_bytes: size of one photo, on disk, on standard input or unpacked from a zip.
        min_side: shortest side of a photo in pixels; below it nothing can be measured.
        max_zip_bytes: size of one zip given on standard input, where it has to be held in memory.
        max_zip_entries: entries in one zip, folders and skipped names included.
        max_zip_total_bytes: bytes unpacked from one zip, summed over its photos.
        max_zip_ratio: unpacked over packed size of one entry. Photos are compressed already and
            stay near 1; an uncompressed TIFF of a real scene stays below 20.
        zip_ratio_floor_bytes: unpacked size up to which ``max_zip_ratio`` is not looked at, so
            that a small uniform picture is not taken for a bomb.
    """

    max_pixels: int = 100_000_000
    max_file_bytes: int = 100 * 1024 * 1024
    min_side: int = 160
    max_zip_bytes: int = 2 * 1024**3
    max_zip_entries: int = 50_000
    max_zip_total_bytes: int = 64 * 1024**3
    max_zip_ratio: float = 100.0
    zip_ratio_floor_bytes: int = 8 * 1024 * 1024

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be above 0")
