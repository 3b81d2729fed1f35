"""The least that an upload endpoint does: FastAPI's own form, a file, a sync; nothing else.

`uvicorn benchmarks.bare_upload:app` with the folder in BARE_FOLDER.
"""

from __future__ import annotations

import os
import shutil
import uuid
from pathlib import Path

from fastapi import FastAPI, UploadFile

FOLDER = Path(os.environ.get("BARE_FOLDER", "."))
app = FastAPI()


@app.post("/upload", status_code=202)
def upload(photo: UploadFile) -> dict[str, str]:
    """Store one file."""
    name = uuid.uuid4().hex
    with (FOLDER / name).open("xb") as file:
        shutil.copyfileobj(photo.file, file)
        file.flush()
        os.fsync(file.fileno())
    return {"name": name}
