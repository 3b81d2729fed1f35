"""One audit for each calibrated camera and each profile of uploads, with one model for all."""

from __future__ import annotations

from sqlalchemy import Engine
from sqlmodel import Session, func, select

from greenpack.audit import Audit
from greenpack.camera_settings import statuses_by_settings
from greenpack.records.camera_tables import CameraCalibration, CameraVerification
from greenpack.records.cameras import KnownCamera, known_cameras
from greenpack.records.database import reading
from greenpack.rules.loading import load_profile
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
        self._of_uploads: dict[str, Audit] = {}
        self._cameras: list[KnownCamera] = []
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
        self._cameras = cameras
        self._of_others = self._audit(None, cameras)
        self._of_uploads = {}
        self._of_camera = {
            camera.id: self._audit(camera, cameras)
            for camera in cameras
            if camera.model is not None
        }
        self._newest = newest

    def of(self, camera_id: int | None, profile_id: str | None = None) -> Audit:
        """The audit for that camera's photos, or for photos that a person uploaded.

        Args:
            camera_id: the camera, or None for an upload.
            profile_id: what an upload is to be judged under; None for the worker's own profile.

        Raises:
            GreenPackError: if that profile cannot be loaded.
        """
        if camera_id is not None:
            return self._of_camera.get(camera_id, self._of_others)
        if profile_id is None or profile_id == self._profile.id:
            return self._of_others
        if profile_id not in self._of_uploads:
            profile = load_profile(profile_id, self._settings.profiles_folder)
            self._of_uploads[profile_id] = self._audit(None, self._cameras, profile)
        return self._of_uploads[profile_id]

    def _audit(
        self,
        camera: KnownCamera | None,
        cameras: list[KnownCamera],
        profile: Profile | None = None,
    ) -> Audit:
        return Audit(
            self._settings,
            self._engine,
            profile or self._profile,
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
