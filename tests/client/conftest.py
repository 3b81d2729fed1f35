"""A real service for the client's tests."""

from tests.service.conftest import service

__all__ = ["service"]
