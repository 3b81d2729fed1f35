"""Which made-up parcels a demonstration has: senders, places, days, and what each parcel is like.

Pure: the same seed, number and last day give the same parcels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

ZONE: Final = ZoneInfo("Asia/Shanghai")
# A season begins on that day and month and lasts so long, as the campaign of 2021 did.
SEASON_BEGINS: Final = (11, 1)
SEASON_DAYS: Final = 92
_LAST_SEASONS_SHARE: Final = 0.45
# The shopping festivals, and how many times a usual day their day is, fading by the day after.
_FESTIVALS: Final = ((11, 11, 4.0), (12, 12, 2.5), (1, 8, 1.5))
_FADES: Final = 0.6
_PLATFORMS: Final = ("A / 演示平台甲", "B / 演示平台乙", "C / 演示平台丙")
_REGIONS: Final = (("North", "北"), ("East", "东"), ("South", "南"))
_SIDES: Final = (("1", "一"), ("2", "二"))
_GOODS: Final = ("general", "general", "fragile", "fresh", "liquid", "other")


@dataclass(frozen=True, slots=True)
class Place:
    """A hub with what it lies in; every name says that it is a demonstration's.

    None has a slash, which stands between the names in a path and in a scope.
    """

    province: str
    municipality: str
    hub: str


@dataclass(frozen=True, slots=True)
class Shop:
    """A made-up sender.

    Attributes:
        code: of the sender.
        name: in English and Chinese.
        platform: it sells on.
        place: its usual hub.
        goods_class: of its goods.
        oversized: share of its parcels that are far too big, last season and this one, 0 to 1.
        weight: how many parcels it sends, relative to the others, > 0.
    """

    code: str
    name: str
    platform: str
    place: Place
    goods_class: str
    oversized: tuple[float, float]
    weight: float


@dataclass(frozen=True, slots=True)
class DemoParcel:
    """A made-up parcel.

    Attributes:
        number: from 0.
        waybill: its number; the letters are a carrier's, the digits are made up.
        shop: who sent it.
        place: hub it went through.
        received_at: when its photo came, UTC.
        packed_on: the day before or the same.
        oversized: whether it is far too big for what is in it.
        draw: picks the sample that it is like, 0 to 1.
        shift: how much emptier or fuller than the sample it is, in logits.
        scale: how much larger or smaller in each direction, > 0.
    """

    number: int
    waybill: str
    shop: Shop
    place: Place
    received_at: datetime
    packed_on: date
    oversized: bool
    draw: float
    shift: float
    scale: float


def places() -> list[Place]:
    """Three provinces with two municipalities of two hubs each."""
    return [
        Place(
            f"Demo province {region} 演示省{region_zh}",
            f"Demo city {region} {side} 演示市{region_zh}{side_zh}",
            f"Demo hub {region} {side}{letter} 演示分拨中心{region_zh}{side_zh}{letter}",
        )
        for region, region_zh in _REGIONS
        for side, side_zh in _SIDES
        for letter in "AB"
    ]


def shops(random: Random, parcels: int) -> list[Shop]:
    """Senders of all sizes: some careful, some careless, some that have changed since."""
    count = max(8, min(60, parcels // 35))
    hubs = places()
    made = []
    for number in range(1, count + 1):
        before = random.betavariate(1.2, 4.0)
        turn = random.random()
        if turn < 0.3:  # corrected
            after = before * random.uniform(0.2, 0.6)
        elif turn < 0.45:  # grew careless
            after = min(0.9, before + random.uniform(0.15, 0.4))
        else:
            after = min(0.95, max(0.01, before * random.uniform(0.8, 1.2)))
        made.append(
            Shop(
                code=f"DEMO-{number:03}",
                name=f"Demo shop {number:03} / 演示店铺 {number:03}",
                platform=f"Demo platform {random.choice(_PLATFORMS)}",
                place=random.choice(hubs),
                goods_class=random.choice(_GOODS),
                oversized=(before, after),
                weight=1 / number**0.7,
            )
        )
    return made


def seasons(until: date) -> tuple[tuple[date, date], tuple[date, date]]:
    """The first and last days of the season before and of the newest that has begun.

    Args:
        until: the last day that may have parcels; it cuts the newer season off.
    """
    begun = date(until.year, *SEASON_BEGINS)
    begins = begun if begun <= until else date(until.year - 1, *SEASON_BEGINS)
    length = timedelta(days=SEASON_DAYS - 1)
    before = date(begins.year - 1, *SEASON_BEGINS)
    return (before, before + length), (begins, min(begins + length, until))


def draw_parcels(seed: int, parcels: int, until: date) -> list[DemoParcel]:
    """The parcels of two seasons, the oldest first.

    Args:
        seed: the same one gives the same parcels.
        parcels: how many, > 0.
        until: the last day that may have any.
    """
    random = Random(f"greenpack demo {seed}")
    senders = shops(random, parcels)
    hubs = places()
    weights = [shop.weight for shop in senders]
    made: list[DemoParcel] = []
    for season, (first, last) in enumerate(seasons(until)):
        share = _LAST_SEASONS_SHARE if season == 0 else 1 - _LAST_SEASONS_SHARE
        count = round(parcels * share) if season == 0 else parcels - len(made)
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        load = [_load(day) for day in days]
        chosen = random.choices(days, load, k=count)
        for received in sorted(_moment(random, day) for day in chosen):
            shop = random.choices(senders, weights)[0]
            at_home = random.random() < 0.8
            made.append(
                DemoParcel(
                    number=len(made),
                    waybill=f"SF{9_000_000_000_000 + seed % 1000 * 10**9 + len(made):013}",
                    shop=shop,
                    place=shop.place if at_home else random.choice(hubs),
                    received_at=received,
                    packed_on=received.astimezone(ZONE).date()
                    - timedelta(days=random.randrange(2)),
                    oversized=random.random() < shop.oversized[season],
                    draw=random.random(),
                    shift=random.gauss(0.0, 0.35),
                    scale=math.exp(random.gauss(0.0, 0.18)),
                )
            )
    return made


def pick(kinds: Sequence[str], draw: float) -> str:
    """The sample that a number from 0 to below 1 stands for."""
    return kinds[min(len(kinds) - 1, int(draw * len(kinds)))]


def _load(day: date) -> float:
    """How busy a day is, relative to a usual one: festivals, and fewer parcels on Sundays."""
    load = 0.75 if day.isoweekday() == 7 else 1.0
    for month, number, times in _FESTIVALS:
        festival = date(day.year, month, number)
        after = (day - festival).days
        if after >= 0:
            load += (times - 1) * _FADES**after
    return load


def _moment(random: Random, day: date) -> datetime:
    """A moment between 7 and 23 o'clock, most around the afternoon."""
    hour = 7 + 16 * random.betavariate(2.5, 2.0)
    start = datetime(day.year, day.month, day.day, tzinfo=ZONE)
    return (start + timedelta(seconds=round(hour * 3600))).astimezone(UTC)
