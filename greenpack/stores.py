"""Where this installation keeps photos as received and evidence pictures."""

from __future__ import annotations

from greenpack.records.evidence import EvidenceStore
from greenpack.settings import Settings
from greenpack.storage.content_store import ContentStore, content_store


def originals(settings: Settings) -> ContentStore:
    """The store of photos as they were received.

    Raises:
        GreenPackError: ``storage_url_invalid``.
    """
    # One level of folders: making one costs a camera's acknowledgement time, and photos go again.
    return _store(settings, "originals", fan=(2,))


def evidence(settings: Settings) -> EvidenceStore:
    """The store of evidence pictures.

    Raises:
        GreenPackError: ``storage_url_invalid``.
    """
    return EvidenceStore(_store(settings, "evidence", fan=(2, 2)))


def case_files(settings: Settings) -> ContentStore:
    """The store of what belongs to cases: letters, what senders answered, and profiles' files.

    Raises:
        GreenPackError: ``storage_url_invalid``.
    """
    return _store(settings, "cases", fan=(2,))


def _store(settings: Settings, part: str, fan: tuple[int, ...]) -> ContentStore:
    place = settings.storage_url or settings.data_folder
    return content_store(place, part, spool=settings.data_folder / "spool" / part, fan=fan)
