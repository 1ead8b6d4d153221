"""What the pages lead to is there: pages, headings, files; and the site has a way to each page."""

import re
from pathlib import Path

import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DOCS = ROOT / "docs"
PAGES = [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / ".github").rglob("*.md")]


def prose(page: Path) -> str:
    """A page without its samples."""
    return re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(), flags=re.DOTALL)


def headings(page: Path) -> set[str]:
    """What a link to a part of a page may name, on GitHub (the site's build knows its own)."""
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_link_leads_somewhere() -> None:
    broken = []
    for page in PAGES:
        for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
            if re.match(r"https?://|mailto:", target):
                continue
            name, _, part = target.partition("#")
            led = (page.parent / name).resolve() if name else page
            if not led.exists() or (part and part not in headings(led)):
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert broken == []


def test_every_picture_is_shown_somewhere() -> None:
    shown = " ".join(page.read_text() for page in PAGES)
    assert [each.name for each in (DOCS / "screenshots").iterdir() if each.name not in shown] == []


def test_the_site_leads_to_every_page() -> None:
    site = (ROOT / "mkdocs.yml").read_text()
    pages = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md") if not page.name[0].isdigit()}
    assert pages <= set(re.findall(r"[\w./-]+\.md", site.partition("\nnav:")[2]))


def test_every_decision_is_listed() -> None:
    listed = (DOCS / "decisions" / "index.md").read_text()
    for page in (DOCS / "decisions").glob("0*.md"):
        number, _, title = page.read_text().partition("\n")[0].removeprefix("# ").partition(". ")
        assert f"{number}. [{title}]({page.name})" in listed


def test_what_github_reads_is_well_formed() -> None:
    for form in (ROOT / ".github").rglob("*.yml"):
        assert yaml.safe_load(form.read_text())


def test_what_is_checked_at_a_commit_is_what_is_asked_of_a_change() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    asked = (ROOT / ".ci" / "run").read_text()
    for hook in config["repos"][0]["hooks"]:
        assert hook["entry"].replace(".venv/bin/python", '"$python"') in asked, hook["id"]
