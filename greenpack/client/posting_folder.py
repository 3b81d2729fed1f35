"""Posts the photos of a folder: each until the service has it or will never take it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from greenpack.client.back_off import pause
from greenpack.client.journal import Journal
from greenpack.client.photo_files import STILL_SECONDS, PhotoFile, photo_files
from greenpack.client.service_calls import Acknowledged, Later, Refused, ServiceCalls
from greenpack.reasons import GreenPackError

_WATCH_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class PostedLine:
    """What became of one file.

    Attributes:
        path: the file.
        sha256: of its bytes.
        outcome: ``accepted``, ``duplicate`` or ``refused``.
        photo_id: the photo's number at the service, or None.
        reason: the reason code of a refusal, or None.
        text: what is wrong and what to do; may be empty.
    """

    path: Path
    sha256: str
    outcome: str
    photo_id: int | None = None
    reason: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class PostingWishes:
    """How to post.

    Attributes:
        with_times: send the files' times of change as capture times.
        delete: delete files that the service has acknowledged.
        again: send once more what was refused before.
        patience_seconds: give up after so long without any answer but "later"; None never does.
    """

    with_times: bool = False
    delete: bool = False
    again: bool = False
    patience_seconds: float | None = 300.0


class FolderPosting:
    """Goes through a folder; what was settled before is not sent again."""

    def __init__(
        self,
        folder: Path,
        calls: ServiceCalls,
        journal: Journal,
        wishes: PostingWishes,
        waiting: Callable[[str, float], None] = lambda _text, _seconds: None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Prepare.

        Args:
            folder: where the photos lie.
            calls: the service.
            journal: what was settled before.
            wishes: how to post.
            waiting: is told why and how long, before each pause.
            sleep: waits; another one in tests.
        """
        self._folder = folder
        self._calls = calls
        self._journal = journal
        self._wishes = wishes
        self._waiting = waiting
        self._sleep = sleep

    def unsettled(self, still_seconds: float = 0.0) -> list[PhotoFile]:
        """The files that are still to be sent, or to be read first."""
        return [
            file
            for file in photo_files(self._folder, still_seconds=still_seconds)
            if not self._is_settled(file)
        ]

    def post_all(self) -> Iterator[PostedLine]:
        """Post all that is there now.

        Raises:
            GreenPackError: ``service_unreachable`` when patience ends, and what ends all: a
                token that is refused, an address that is no GreenPack service.
        """
        for file in self.unsettled():
            line = self._post(file)
            if line is not None:
                yield line

    def watch(self) -> Iterator[PostedLine | None]:
        """Post what is there and what comes, for ever; None after each look that found nothing."""
        while True:
            found = self.unsettled(STILL_SECONDS)
            for file in found:
                line = self._post(file)
                if line is not None:
                    yield line
            if not found:
                yield None
                self._sleep(_WATCH_SECONDS)

    def _is_settled(self, file: PhotoFile) -> bool:
        sha256 = self._journal.sha256_of(file.path, file.size, file.changed_ns)
        if sha256 is None:
            return False
        settled = self._journal.settled(sha256)
        if settled is None or (self._wishes.again and settled.photo_id is None):
            return False
        if self._wishes.delete and settled.photo_id is not None:
            # It was cut off between the acknowledgement and the deletion.
            file.path.unlink(missing_ok=True)
        return True

    def _post(self, file: PhotoFile) -> PostedLine | None:
        """Post one file; None if it is gone or changes while it is read."""
        try:
            sha256 = file.sha256()
            if not file.same():
                return None
            self._journal.read(file.path, file.size, file.changed_ns, sha256)
            outcome = self._settle(file, sha256)
        except FileNotFoundError:
            return None
        except OSError as error:
            return PostedLine(file.path, "", "refused", reason="read_failed", text=str(error))
        if isinstance(outcome, Refused):
            return PostedLine(file.path, sha256, "refused", reason=outcome.code, text=outcome.text)
        if self._wishes.delete and file.same():
            file.path.unlink(missing_ok=True)
        word = "duplicate" if outcome.duplicate else "accepted"
        return PostedLine(file.path, sha256, word, photo_id=outcome.photo_id)

    def _settle(self, file: PhotoFile, sha256: str) -> Acknowledged | Refused:
        """Send until the service has it or refuses it for good, and write that down."""
        settled = self._journal.settled(sha256)
        if settled is not None and settled.photo_id is not None:
            return Acknowledged(settled.photo_id, duplicate=True)
        outcome = self._until_settled(file, sha256)
        photo_id = outcome.photo_id if isinstance(outcome, Acknowledged) else None
        reason = outcome.code if isinstance(outcome, Refused) else None
        self._journal.settle(sha256, photo_id, reason)
        return outcome

    def _until_settled(self, file: PhotoFile, sha256: str) -> Acknowledged | Refused:
        patience = self._wishes.patience_seconds
        waited = 0.0
        attempt = 0
        uncertain = False
        while True:
            outcome = self._attempt(file, sha256, uncertain)
            if not isinstance(outcome, Later):
                return outcome
            uncertain = uncertain or outcome.uncertain
            seconds = pause(attempt, outcome.retry_after)
            if patience is not None and waited + seconds > patience:
                raise GreenPackError("service_unreachable", outcome.text)
            self._waiting(outcome.text, seconds)
            self._sleep(seconds)
            waited += seconds
            attempt += 1

    def _attempt(
        self, file: PhotoFile, sha256: str, uncertain: bool
    ) -> Acknowledged | Refused | Later:
        if uncertain:
            # The answer was lost on the way: perhaps the photo need not go there again.
            known = self._calls.known(sha256)
            if not isinstance(known, Refused):
                return known
        return self._calls.post(file, sha256, with_time=self._wishes.with_times)
