"""What can go wrong with accounts and signing in: codes for ``greenpack.reasons``."""

from __future__ import annotations

ACCOUNT_REASONS = (
    (
        "account_exists",
        "there is an account of that name already",
        "Choose another name, or change the account: `greenpack user --help`.",
    ),
    (
        "account_unknown",
        "there is no account of that name",
        "`greenpack user list` shows those there are.",
    ),
    (
        "account_name_invalid",
        "this cannot be the name of an account",
        "Use letters, digits, dots and hyphens without spaces, or an e-mail address.",
    ),
    (
        "password_weak",
        "the password is too easy to guess",
        "Use 12 characters or more and not the name; a few words in a row are good.",
    ),
    (
        "password_not_repeated",
        "the two passwords are not the same",
        "Type the same password twice.",
    ),
    (
        "scope_invalid",
        "this is no jurisdiction",
        "Write everything, PROVINCE, PROVINCE/MUNICIPALITY or PROVINCE/MUNICIPALITY/HUB.",
    ),
    (
        "sign_in_ended",
        "nobody is signed in here any more",
        "Load the page again and sign in.",
    ),
    (
        "not_allowed",
        "your role does not allow this",
        "Ask somebody whose role does, or an administrator for another role.",
    ),
)
