"""Documentation that cannot rot: it names every setting, reason code and command there is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from greenpack import cli
from greenpack.reasons import REASONS
from greenpack.report.reference import reasons_page, settings_page
from greenpack.settings import Settings

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_the_settings_page_is_what_the_settings_say() -> None:
    assert (ROOT / "docs" / "settings.md").read_text("utf-8") == settings_page(Settings), (
        "run: python -m greenpack.report.reference docs"
    )


def test_the_reasons_page_is_what_the_codes_say() -> None:
    assert (ROOT / "docs" / "reasons.md").read_text("utf-8") == reasons_page(REASONS), (
        "run: python -m greenpack.report.reference docs"
    )


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    names = [command.name or command.callback.__name__ for command in cli.app.registered_commands]
    for name in [*names, "rules"]:
        assert f"greenpack {name}" in readme, name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_paths_lead_somewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", text):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"
    for named in re.findall(r"`((?:docs|weights|samples|benchmarks|greenpack)/[\w./-]+)`", text):
        assert (ROOT / named).exists(), f"{page.name} names {named}"


def test_the_reasons_in_the_code_exist() -> None:
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "greenpack").rglob("*.py"))
    raised = re.findall(
        r"""(?:GreenPackError|UnmeasurableError|_contradiction)\(\s*"(\w+)\"""", source
    )
    assert raised
    assert set(raised) <= REASONS.keys()


def test_every_reason_code_is_given_somewhere() -> None:
    files = [
        path for path in (ROOT / "greenpack").rglob("*.py") if not path.name.endswith("reasons.py")
    ]
    source = "\n".join(path.read_text("utf-8") for path in files)
    assert not [code for code in REASONS if f'"{code}"' not in source]


def test_help_is_quick_to_load() -> None:
    # Not a time, which depends on the machine: what would make it slow is not loaded.
    code = (
        "import sys; sys.argv = ['greenpack', '--help']\n"
        "from greenpack.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'torch', 'cv2', 'sqlalchemy', 'numpy', 'streamlit'} & set(sys.modules)))"
    )
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert output.stdout.strip().endswith("[]")
