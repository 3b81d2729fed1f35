"""One audit for each calibrated camera, with one model and one database for all of them."""

from __future__ import annotations

from sqlalchemy import Engine
from sqlmodel import Session, func, select

from greenpack.audit import Audit
from greenpack.camera_settings import statuses_by_settings
from greenpack.records.camera_tables import CameraCalibration, CameraVerification
from greenpack.records.cameras import KnownCamera, known_cameras
from greenpack.records.database import reading
from greenpack.rules.profile import Profile
from greenpack.settings import Settings
from greenpack.vision.detector import Detector
from greenpack.vision.weights import Weights

# What tells that a camera was calibrated or verified anew: the newest row of each kind.
_Newest = tuple[int | None, int | None]


class CameraAudits:
    """Gives each camera the audit that measures with its calibration.

    A worker runs for weeks and cameras are calibrated meanwhile: ``refresh`` notices.

    Attributes:
        detector: the model that all audits share.
    """

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        profile: Profile,
        weights: Weights,
        detector: Detector,
    ) -> None:
        self.detector = detector
        self._settings = settings
        self._engine = engine
        self._profile = profile
        self._weights = weights
        self._newest: _Newest | None = None
        self._of_camera: dict[int, Audit] = {}
        self._of_others = self._audit(None, [])

    def refresh(self) -> None:
        """Look whether cameras were calibrated or verified since; cheap where none was.

        Raises:
            GreenPackError: ``weights_unsuitable``.
        """
        with reading(self._engine) as session:
            newest = _newest(session)
            if newest == self._newest:
                return
            cameras = known_cameras(session, self._settings.camera_limits)
        self._of_others = self._audit(None, cameras)
        self._of_camera = {
            camera.id: self._audit(camera, cameras)
            for camera in cameras
            if camera.model is not None
        }
        self._newest = newest

    def of(self, camera_id: int) -> Audit:
        """The audit for that camera's photos."""
        return self._of_camera.get(camera_id, self._of_others)

    def _audit(self, camera: KnownCamera | None, cameras: list[KnownCamera]) -> Audit:
        return Audit(
            self._settings,
            self._engine,
            self._profile,
            self._weights,
            detector=lambda: self.detector,
            camera=camera,
            others=statuses_by_settings(cameras, self._settings, self._weights),
        )


def _newest(session: Session) -> _Newest:
    return (
        session.exec(select(func.max(CameraCalibration.id))).one(),
        session.exec(select(func.max(CameraVerification.id))).one(),
    )
