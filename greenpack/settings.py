"""Everything that can be set from outside: ``GREENPACK_*`` environment variables."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import platformdirs
from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from greenpack.cameras.verification import VerificationLimits
from greenpack.intake.limits import Limits
from greenpack.language.speaking import Language
from greenpack.measure.void_bound import Goods
from greenpack.records.sign_in_rules import SignInBy, SignInRules


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone such as Asia/Shanghai") from error
    return name


def _known_day(text: str) -> str:
    try:
        # A day that every year has: 2001 had no 29 February.
        date.fromisoformat(f"2001-{text}")
    except ValueError as error:
        raise ValueError(f"{text!r} is no day of every year such as 11-01") from error
    return text


class Settings(BaseSettings):
    """Settings with their defaults; each is read from ``GREENPACK_`` and its name in capitals.

    Raises:
        pydantic.ValidationError: for a value out of its range, naming the setting.
    """

    model_config = SettingsConfigDict(env_prefix="GREENPACK_", env_ignore_empty=True)

    data_folder: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("greenpack", appauthor=False)),
        description="where the database and the evidence pictures are kept",
    )
    database_url: str | None = Field(
        default=None,
        description="sqlite:///path or postgresql://user:password@host/name; "
        "default: greenpack.db in the data folder",
    )
    weights: Path | None = Field(
        default=None,
        description="a .pt file, an OpenVINO folder, or a folder with either; default: shipped",
    )
    evidence_language: Language = Field(
        default=Language.ENGLISH,
        description="the language of the words on evidence pictures: en or zh",
    )
    profile: str = Field(
        default="screening-50", description="the profile to judge under: its id, or a TOML file"
    )
    profiles_folder: Path | None = Field(
        default=None, description="an agency's own profiles, which add to or override the shipped"
    )
    assumptions: Path | None = Field(
        default=None,
        description="an agency's own assumptions for Green logistics: a TOML file with the entries "
        "that differ; default: those shipped",
    )
    campaign_starts: Annotated[str, AfterValidator(_known_day)] = Field(
        default="11-01",
        description="month and day on which a peak-season campaign begins, as 11-01",
    )
    campaign_days: int = Field(default=92, ge=1, le=365, description="how many days a campaign has")
    camera_timezone: Annotated[str, AfterValidator(_known_zone)] = Field(
        default="Asia/Shanghai",
        description="the time zone of capture times that name none",
    )
    camera_height_over_depth: float | None = Field(
        default=None,
        gt=0,
        le=100,
        description="the camera's height above the rim in carton depths, where the protocol of "
        "taking photos fixes it; default: derived from the picture",
    )
    depth_over_shorter_side: float = Field(
        default=1.3,
        gt=0,
        le=20,
        description="the deepest carton assumed, over its opening's shorter side; used only where "
        "the camera's height is derived from the picture",
    )
    goods: Goods = Field(
        default=Goods.UPRIGHT,
        description="what is assumed of the goods' form: upright, or any (nothing at all)",
    )
    markers: dict[int, Annotated[float, Field(gt=0, le=2000)]] = Field(
        default_factory=dict,
        description="sides of printed ArUco markers (4x4, 100 of them) in millimetres by their "
        'ids, measured on the print, for example {"7": 50.0}; a marker that is not named here '
        "gives no scale",
    )
    tallest_parcel_mm: float = Field(
        default=800.0,
        gt=0,
        le=3000,
        description="the tallest parcel that comes before a calibrated camera, millimetres: seen "
        "from straight above, length and width are given for every height up to it",
    )
    camera_max_bias_mm: float = Field(
        default=10.0,
        gt=0,
        description="how far a camera's sizes may be off the tape on average, millimetres; past it "
        "the camera may only screen",
    )
    camera_max_sd_mm: float = Field(
        default=10.0,
        gt=0,
        description="standard deviation that a camera's sizes may have against the tape, "
        "millimetres; past it the camera may only screen",
    )
    max_pixels: int = Field(
        default=Limits().max_pixels, ge=1_000_000, description="largest photo, pixels"
    )
    max_file_bytes: int = Field(
        default=Limits().max_file_bytes, ge=100_000, description="largest photo file, bytes"
    )

    storage_url: str | None = Field(
        default=None,
        description="where photos as received and evidence pictures are kept: a folder, or an "
        "fsspec address such as s3://bucket/path; default: the data folder",
    )
    service_host: str = Field(
        default="127.0.0.1", description="the address that `greenpack serve` listens on"
    )
    service_port: int = Field(
        default=8600, ge=0, le=65535, description="its port; 0 takes any that is free"
    )
    body_idle_seconds: float = Field(
        default=20.0,
        gt=0,
        description="how long a camera may send nothing in the middle of a photo",
    )
    photos_per_minute: int = Field(
        default=600, ge=1, description="how many photos one camera may post in a minute"
    )
    max_backlog: int = Field(
        default=50_000,
        ge=1,
        description="photos that may wait for being measured; past it cameras are told to wait",
    )
    min_free_bytes: int = Field(
        default=2 * 1024**3,
        ge=0,
        description="disk space below which no photo is taken in any more, bytes",
    )
    silent_after_minutes: float = Field(
        default=60.0,
        gt=0,
        description="a camera that posts nothing for longer counts as silent, unless "
        "`greenpack camera add` gave it a time of its own",
    )
    lease_seconds: float = Field(
        default=120.0,
        ge=5,
        description="a worker that does not renew its hold on a photo for this long has lost it",
    )
    worker_batch: int = Field(
        default=4, ge=1, le=64, description="photos that a worker takes at once"
    )
    originals_days: float = Field(
        default=30.0,
        ge=0,
        description="photos as received are deleted after this many days, unless a finding or a "
        "case holds them",
    )

    sign_in: SignInBy = Field(
        default=SignInBy.ACCOUNTS,
        description="who may open the report: accounts (made with `greenpack user add`), openid "
        "(accounts that an OpenID Connect provider vouches for, by e-mail address), or none "
        "(nobody is asked; only where the report listens on this machine alone)",
    )
    sign_in_idle_minutes: float = Field(
        default=480.0, gt=0, description="who does nothing for longer is signed out"
    )
    sign_in_hours: float = Field(
        default=24.0, gt=0, description="who signed in longer ago is signed out, however busy"
    )
    sign_in_tries: int = Field(
        default=5, ge=1, description="wrong passwords that lock an account for a while"
    )
    sign_in_lock_minutes: float = Field(
        default=15.0,
        gt=0,
        description="how long it is locked, and for how long a wrong password counts",
    )

    agency_name: str = Field(
        default="", max_length=200, description="who signs letters; until it is set they say so"
    )
    agency_address: str = Field(
        default="", max_length=500, description="its address, lines parted by a bar, for letters"
    )
    agency_contact: str = Field(
        default="", max_length=200, description="telephone, e-mail and the like, for letters"
    )
    agency_remedies: str = Field(
        default="",
        max_length=2000,
        description="what letters say on the right to appeal where the profile states nothing",
    )
    two_person: bool = Field(
        default=True,
        description="whether a violation counts as confirmed only when two persons confirmed it",
    )

    @property
    def database(self) -> str:
        """The database's address, the default filled in."""
        return self.database_url or f"sqlite:///{self.data_folder / 'greenpack.db'}"

    @property
    def camera_zone(self) -> ZoneInfo:
        """The time zone of capture times that name none."""
        return ZoneInfo(self.camera_timezone)

    @property
    def camera_limits(self) -> VerificationLimits:
        """What a camera's sizes must keep to."""
        return VerificationLimits(self.camera_max_bias_mm, self.camera_max_sd_mm)

    @property
    def sign_in_rules(self) -> SignInRules:
        """When accounts are locked and people signed out."""
        return SignInRules(
            tries=self.sign_in_tries,
            lock=timedelta(minutes=self.sign_in_lock_minutes),
            idle=timedelta(minutes=self.sign_in_idle_minutes),
            longest=timedelta(hours=self.sign_in_hours),
        )

    @property
    def limits(self) -> Limits:
        """The limits of intake."""
        return Limits(max_pixels=self.max_pixels, max_file_bytes=self.max_file_bytes)
