"""Filling the counts when a database gets them; as they were then, for good."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

# The zones of the profiles that came with the program; another profile's comes with its next
# findings, and its days are then counted anew.
ZONES = {
    "cn-gb45186-2024": "Asia/Shanghai",
    "eu-2025-40-art24": "Europe/Brussels",
    "kr-2024": "Asia/Seoul",
    "tw-2023": "Asia/Taipei",
}
COUNTED = {
    "hub_id": "coalesce(hub_id, 0)",
    "platform_id": "coalesce(platform_id, 0)",
    "sender_id": "CASE WHEN waybill_id IS NULL THEN -1 ELSE coalesce(sender_id, 0) END",
}

PARCELS = """
INSERT INTO judged_parcel (profile_id, waybill_id, photo_id, verdict, dismissed, received_at, day,
  hub_id, sender_id, platform_id, goods_class, finding_id, low, high, parcel_cm3_low,
  parcel_cm3_high, air_cm3_low, air_cm3_high)
WITH flagged AS (
  SELECT f.profile_id, f.waybill_id, CASE WHEN f.waybill_id IS NULL THEN m.photo_id END AS alone,
    min(f.id) AS first_id, max(m.photo_id) AS newest,
    min(CASE WHEN f.verdict = 'violation' THEN f.id END) AS v,
    min(CASE WHEN f.verdict = 'undetermined' THEN f.id END) AS u,
    min(CASE WHEN f.verdict = 'compliant' THEN f.id END) AS c,
    min(CASE WHEN f.verdict = 'unmeasurable' THEN f.id END) AS m,
    min(CASE WHEN f.verdict = 'exempt' THEN f.id END) AS e,
    min(CASE WHEN f.quantity IN ('void_ratio', 'void_ratio_inner', 'void_ratio_outer')
             AND f.low IS NOT NULL THEN f.id END) AS void_id,
    max(CASE WHEN f.verdict = 'violation'
             THEN CASE WHEN f.standing = 'dismissed' THEN 0 ELSE 1 END END) AS standing
  FROM finding f JOIN measurement m ON m.id = f.measurement_id
  WHERE f.superseded_by IS NULL
  GROUP BY f.profile_id, f.waybill_id, CASE WHEN f.waybill_id IS NULL THEN m.photo_id END
), judged AS (
  SELECT flagged.*,
    CASE WHEN v IS NOT NULL THEN 'violation'
         WHEN u IS NULL AND c IS NULL AND m IS NULL THEN 'exempt'
         WHEN c IS NULL AND m IS NULL THEN 'undetermined'
         WHEN u IS NULL AND m IS NULL THEN 'compliant'
         WHEN u IS NULL AND c IS NULL THEN 'unmeasurable'
         ELSE 'undetermined' END AS verdict
  FROM flagged
), spoken AS (
  SELECT judged.*, coalesce(CASE verdict WHEN 'violation' THEN v WHEN 'undetermined' THEN u
      WHEN 'compliant' THEN c WHEN 'unmeasurable' THEN m ELSE e END, first_id) AS finding_id
  FROM judged
), sized AS (
  SELECT spoken.*, p.received_at, {day} AS day, coalesce(p.hub_id, w.hub_id) AS hub_id,
    w.sender_id, coalesce(s.platform_id, w.platform_id) AS platform_id,
    CASE WHEN w.items_complete IS FALSE THEN '' ELSE coalesce((
      SELECT CASE WHEN min(i.goods_class) = max(i.goods_class) THEN min(i.goods_class)
             WHEN count(*) > 0 THEN 'mixed' END
      FROM declared_item i WHERE i.waybill_id = w.id), '') END AS goods_class,
    void.low, void.high,
    coalesce(w.length_mm * w.width_mm * w.height_mm,
      (SELECT q.low FROM quantity q
        WHERE q.measurement_id = basis.measurement_id AND q.quantity = 'length_mm')
      * (SELECT q.low FROM quantity q
        WHERE q.measurement_id = basis.measurement_id AND q.quantity = 'width_mm')
      * (SELECT q.low FROM quantity q
        WHERE q.measurement_id = basis.measurement_id AND q.quantity = 'height_mm')
    ) / 1000 AS cm3_low,
    coalesce(w.length_mm * w.width_mm * w.height_mm,
      (SELECT q.high FROM quantity q
        WHERE q.measurement_id = basis.measurement_id AND q.quantity = 'length_mm')
      * (SELECT q.high FROM quantity q
        WHERE q.measurement_id = basis.measurement_id AND q.quantity = 'width_mm')
      * (SELECT q.high FROM quantity q
        WHERE q.measurement_id = basis.measurement_id AND q.quantity = 'height_mm')
    ) / 1000 AS cm3_high
  FROM spoken JOIN counted_profile cp ON cp.profile_id = spoken.profile_id
  JOIN photo p ON p.id = spoken.newest
  JOIN finding basis ON basis.id = coalesce(spoken.void_id, spoken.finding_id)
  LEFT JOIN finding void ON void.id = spoken.void_id
  LEFT JOIN waybill w ON w.id = spoken.waybill_id
  LEFT JOIN sender s ON s.id = w.sender_id
)
SELECT profile_id, waybill_id, alone, verdict, coalesce(standing = 0, FALSE), received_at, day,
  hub_id, sender_id, platform_id, goods_class, finding_id, low, high,
  {least}, {most}, {least_air}, {most_air}
FROM sized ORDER BY finding_id
"""

UNMEASURED = """
INSERT INTO unmeasured_photo (photo_id, reason, refused, hub_id)
SELECT p.id, coalesce(p.refused_reason, m.reason), p.refused_reason IS NOT NULL,
  coalesce(p.hub_id, w.hub_id)
FROM photo p
LEFT JOIN measurement m ON m.photo_id = p.id AND NOT EXISTS (
  SELECT 1 FROM measurement later WHERE later.photo_id = m.photo_id AND later.id > m.id)
LEFT JOIN waybill w ON w.id = p.waybill_id
WHERE p.refused_reason IS NOT NULL OR m.reason IS NOT NULL
"""


def fill(keys_of: Mapping[str, tuple[str, ...]]) -> None:
    """Count what is there: by profile, day, hub, these further keys, verdict and dismissal."""
    connection = op.get_bind()
    profiles = connection.execute(sa.text("SELECT DISTINCT profile_id FROM finding")).scalars()
    for profile in sorted(profiles):
        zone = {"profile": profile, "zone": ZONES.get(profile, "UTC")}
        connection.execute(sa.text("INSERT INTO counted_profile VALUES (:profile, :zone)"), zone)
    if connection.dialect.name == "sqlite":
        driver = connection.connection.dbapi_connection
        assert driver is not None
        driver.create_function("greenpack_day_of_0012", 2, _day, deterministic=True)
        day = "greenpack_day_of_0012(p.received_at, cp.timezone)"
    else:
        day = "CAST(timezone(cp.timezone, p.received_at) AS DATE)"
    sizes = {
        "least": _whole("cm3_low"),
        "most": _whole("cm3_high"),
        "least_air": _whole("cm3_low * low"),
        "most_air": _whole("cm3_high * high"),
    }
    connection.exec_driver_sql(PARCELS.format(day=day, **sizes))
    connection.exec_driver_sql(UNMEASURED)
    for table, more in keys_of.items():
        keys = ("profile_id", "day", "hub_id", *more, "verdict", "dismissed")
        counted = ", ".join(COUNTED.get(name, name) for name in keys)
        names, sums = ", ".join(keys), "parcels"
        values = "count(*)"
        if "sender_id" in keys:
            sums += ", sized_parcels, air_cm3_low, air_cm3_high"
            values += (
                ", count(air_cm3_low), CAST(coalesce(sum(air_cm3_low), 0) AS BIGINT), "
                "CAST(coalesce(sum(air_cm3_high), 0) AS BIGINT)"
            )
        connection.exec_driver_sql(
            f"INSERT INTO {table} ({names}, {sums}) SELECT {counted}, {values} "
            f"FROM judged_parcel GROUP BY {counted}"
        )


def _whole(cm3: str) -> str:
    number = f"CAST({cm3} AS FLOAT)"
    return (
        f"CASE WHEN {number} BETWEEN 0 AND 100000000000000.0 "
        f"THEN CAST(round({number}) AS BIGINT) END"
    )


def _day(at: str | None, zone: str) -> str | None:
    if at is None:
        return None
    moment = datetime.fromisoformat(at)
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return moment.astimezone(ZoneInfo(zone)).date().isoformat()
