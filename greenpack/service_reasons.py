"""What can go wrong between a camera and its posting: codes for ``greenpack.reasons``."""

from __future__ import annotations

# What the service answers; the statuses that go with them: greenpack/service/problems.py.
_SERVICE = (
    (
        "request_malformed",
        "what was sent is no HTTP request",
        "Speak HTTP/1.1; headers may have 64 KiB in all.",
    ),
    (
        "request_too_slow",
        "the request was not sent on",
        "Send the photo again over a steadier connection; nothing of it was kept.",
    ),
    (
        "request_cut_off",
        "the connection broke before the whole photo had come",
        "Send the photo again; nothing of it was kept.",
    ),
    (
        "request_invalid",
        "the request is not one that the service understands",
        "Compare it with the description of the service at /docs.",
    ),
    (
        "form_invalid",
        "the body is not the form that was announced",
        "Send multipart/form-data with one part `photo`; `taken_at` and `waybill` may go with it.",
    ),
    (
        "photo_missing",
        "the form has no photo, or an empty one",
        "Send the image file as the part `photo`.",
    ),
    (
        "checksum_invalid",
        "the checksum is not a SHA-256",
        "Write 64 hexadecimal digits: the SHA-256 of the photo's bytes.",
    ),
    (
        "checksum_mismatch",
        "the bytes that came are not those the checksum names",
        "Send the photo again; it was damaged on the way, and nothing of it was kept.",
    ),
    (
        "taken_at_invalid",
        "the capture time cannot be understood",
        "Write it as in 2026-11-23T10:15:00+08:00.",
    ),
    (
        "waybill_invalid",
        "the waybill number is of no known form",
        "Send the number alone, as it stands under the barcode, or leave the field out.",
    ),
    (
        "token_missing",
        "the request names no camera token",
        "Send the header `Authorization: Bearer TOKEN`; `greenpack camera add` prints the token.",
    ),
    (
        "token_unknown",
        "no camera has this token",
        "Check that the token was copied whole; `greenpack camera rotate` gives a new one.",
    ),
    (
        "token_revoked",
        "this camera token was revoked",
        "Give the camera its new token; `greenpack camera rotate` prints one.",
    ),
    (
        "hub_not_allowed",
        "the camera of this token belongs to another hub",
        "Give the camera the token of its own hub.",
    ),
    (
        "posting_unknown",
        "this camera posted no such photo",
        "Check the number or the checksum; send the photo if it was not sent yet.",
    ),
    ("path_unknown", "the service has no such address", "See /docs for those there are."),
    (
        "method_not_allowed",
        "the address does not take this method",
        "See /docs for the methods it takes.",
    ),
    (
        "media_type_unsupported",
        "the body is of a type that the service does not read",
        "Send the photo as multipart/form-data.",
    ),
    (
        "rate_limited",
        "the camera posts more photos than it may",
        "Wait as long as Retry-After says, or raise GREENPACK_PHOTOS_PER_MINUTE.",
    ),
    (
        "backlog_full",
        "too many photos wait for being measured",
        "Wait as long as Retry-After says; start more workers with `greenpack work`.",
    ),
    (
        "disk_low",
        "the disk has too little room for more photos",
        "Keep the photo and send it again later; free disk space with `greenpack sweep`.",
    ),
    (
        "service_error",
        "the service met a fault of its own",
        "Send the photo again; the service's log names the fault under the request's number.",
    ),
)

# What `greenpack post` meets.
_CLIENT = (
    (
        "service_unreachable",
        "the service does not answer",
        "Check the address and the network; what was not sent is sent the next time.",
    ),
    (
        "service_answer_strange",
        "what answers is not the GreenPack service",
        "Check the address given by --url.",
    ),
    (
        "token_file_unusable",
        "the file does not hold a camera token",
        "Put the token that `greenpack camera add` printed into the file, and nothing else.",
    ),
    (
        "journal_in_use",
        "another `greenpack post` uses the same journal",
        "Let the other one finish, or name another with --journal.",
    ),
)

# Where photos as received and evidence pictures are kept.
_STORAGE = (
    (
        "storage_url_invalid",
        "nothing that is installed can store files at this address",
        "Correct GREENPACK_STORAGE_URL; for s3:// install greenpack[s3].",
    ),
    (
        "storage_unreachable",
        "the place where photos are kept does not do what it was asked",
        "Check GREENPACK_STORAGE_URL, the network, the credentials and that the bucket is there.",
    ),
    (
        "content_missing",
        "a photo as received is not where it should be",
        "Restore it from a backup; its name is the SHA-256 of its bytes.",
    ),
    (
        "content_changed",
        "the bytes of a stored photo are not those that were received",
        "Restore it from a backup, and find out who or what changed it.",
    ),
)

# The queue of postings and the cameras that fill it; `token_revoked` stands above.
_QUEUE = (
    (
        "worker_died",
        "workers ended at once, three times, while they had this photo",
        "Look at the workers' logs and at the photo; `greenpack queue retry` tries it again.",
    ),
    (
        "camera_has_token",
        "the camera has a token already",
        "`greenpack camera rotate` gives it a new one and refuses the old one.",
    ),
    (
        "hub_unknown",
        "there is no such hub",
        "Name one of those there are; `greenpack camera add HUB NAME` adds one.",
    ),
)

# What workers meet.
_WORK = (
    (
        "measuring_failed",
        "measuring this photo ran into a fault of the program",
        "Report it with the detail; `greenpack queue retry` tries the photo again after an update.",
    ),
)

SERVICE_REASONS = (*_WORK, *_SERVICE, *_CLIENT, *_STORAGE, *_QUEUE)
