"""The service keeps to its own description, whatever is sent to it."""

from __future__ import annotations

import json
import os

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.service.running import HUB, RunningService, a_photo

# For each operation; GREENPACK_EXAMPLES=200 searches thoroughly.
EXAMPLES = int(os.environ.get("GREENPACK_EXAMPLES", "4"))
CHECKS = [
    content_type_conformance,
    not_a_server_error,
    status_code_conformance,
    response_schema_conformance,
    response_headers_conformance,
]


@pytest.mark.parametrize("known", [True, False], ids=["camera", "stranger"])
def test_made_up_requests_get_described_answers(
    shared_service: RunningService, known: bool
) -> None:
    """Requests made from the description by schemathesis, of a camera and of a stranger."""
    shared_service.camera().close()
    headers = {"Authorization": f"Bearer {shared_service.tokens[f'{HUB}/line 1']}"} if known else {}
    schema = schemathesis.openapi.from_url(f"{shared_service.url}/openapi.json")
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def answered(case: schemathesis.Case) -> None:
            case.call_and_validate(headers=headers, checks=CHECKS)

        answered()


def test_every_operation_is_described_with_examples(shared_service: RunningService) -> None:
    with shared_service.client() as anyone:
        described = anyone.get("/openapi.json").json()
        assert anyone.get("/docs").status_code == 200
    photos = described["paths"]["/v1/photos"]["post"]
    assert set(photos["responses"]) == {
        *("200", "202", "400", "401", "403", "408", "413", "415", "429", "503", "507")
    }
    for status, answer in photos["responses"].items():
        content = json.dumps(answer["content"])
        assert "example" in content or "$ref" in content, status
    assert "multipart/form-data" in photos["requestBody"]["content"]
    assert "HTTPValidationError" not in described["components"]["schemas"]


def test_the_metrics_tell_what_happened(service: RunningService) -> None:
    with service.camera() as camera:
        for number in (1, 2, 2):
            camera.post("/v1/photos", files={"photo": ("a.jpg", a_photo(number))})
        camera.post("/v1/photos", files={"photo": ("a.jpg", b"nothing")})
        text = camera.get("/metrics").text
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert lines[f'greenpack_photos_accepted_total{{hub="{HUB}"}}'] == "2.0"
    assert lines[f'greenpack_photos_duplicate_total{{hub="{HUB}"}}'] == "1.0"
    assert lines['greenpack_requests_refused_total{reason="unreadable"}'] == "1.0"
    assert lines[f'greenpack_hub_photos_last_hour{{hub="{HUB}"}}'] == "2.0"
    assert lines[f'greenpack_hub_backlog_photos{{hub="{HUB}"}}'] == "2.0"
    assert float(lines['greenpack_disk_free_bytes{place="spool"}']) > 0
    assert lines["greenpack_acknowledgement_seconds_count"] == "3.0"
