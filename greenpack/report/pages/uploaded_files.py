"""The bytes of uploaded files, taken over from Streamlit, which would keep them with the session.

Streamlit gives each drawing of a page copies of them, and holds the originals until the browser is
long gone: 500 photos then need twice their size, and the next 500 as much again.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from greenpack.uploading import Dropped


def taken_over(files: Iterable[UploadedFile]) -> list[Dropped]:
    """The files with their bytes, which nobody else holds from now on.

    The uploader that they came from must not be drawn again with them: it would find none.
    """
    context = get_script_run_ctx()
    manager = None if context is None else context.uploaded_file_mgr
    if context is None or not isinstance(manager, MemoryUploadedFileManager):
        return [Dropped(file.name, file) for file in files]
    taken = []
    for file in files:
        for record in manager.get_files(context.session_id, [file.file_id]):
            taken.append(Dropped(file.name, BytesIO(record.data)))  # shares the bytes
        manager.remove_file(context.session_id, file.file_id)
    return taken
