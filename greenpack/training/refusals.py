"""What is raised when rendering or training cannot start as asked."""

from __future__ import annotations

from importlib.util import find_spec


class RefusedError(Exception):
    """The request cannot be carried out; the message says why and what to do."""


def require(module: str) -> None:
    """Check that a package is installed, without importing it.

    Raises:
        RefusedError: if it is not; the message names the extra that brings it.
    """
    if find_spec(module) is None:
        raise RefusedError(
            f"{module} is not installed. Install it with: pip install 'greenpack[train]' "
            "(Blender's module needs Python 3.11 and numpy 1.26, best in an environment of its own)"
        )
