"""The documents: whatever they cite, and whatever the code cites of them, exists."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "app" / "docs"
PAGES = sorted(DOCS.glob("*.md"))
PUBLIC = [ROOT / "README.md", ROOT / "CHANGELOG.md", *PAGES]

_HEADING = re.compile(r"#{2,} +(\d+(?:\.\d+)*)\.? ")
_LIST_ITEM = re.compile(r"(\d+)\. ")
_NUMBERS = r"\d+(?:\.\d+)*(?:(?:, | and | to )\d+(?:\.\d+)*)*"
# What stands behind a colon or an ellipsis belongs to another repository.
_REFERENCE = re.compile(
    rf"(?<![:…/\w.-])(?P<file>[\w./-]*[\w-]\.md)\b(?: (?:sections? )?(?P<numbers>{_NUMBERS}))?"
)
_LINE_BREAK = re.compile(r"[ \t]*\"?\n[ \t]*(?:#|f?\"(?!\"))?[ \t]*")
_LINK = re.compile(r"\]\((?P<target>[^)#\s]+)(?:#[^)]*)?\)")
_PATH = re.compile(r"`(?P<path>[\w.-]*/[\w./-]*|[\w-]+\.(?:py|toml|in)|Makefile|LICENSE)`")


def sections(text: str) -> frozenset[str]:
    """The numbers of a page's sections, and those of the entries of their numbered lists, as
    "18.2"."""
    found: set[str] = set()
    section = ""
    for line in text.splitlines():
        if heading := _HEADING.match(line):
            section = heading[1]
            found.add(section)
        elif entry := _LIST_ITEM.match(line):
            found.add(f"{section}.{entry[1]}")
    return frozenset(found)


SECTIONS = {page.name: sections(page.read_text("utf-8")) for page in PAGES}


def references(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every file and the section numbers that a text cites, as in "protocol.md sections 3 and 14";
    a citation may go on in the next line of a docstring, comment or string."""
    for found in _REFERENCE.finditer(_LINE_BREAK.sub(" ", text)):
        yield found["file"], tuple(re.findall(r"\d+(?:\.\d+)*", found["numbers"] or ""))


def unresolved(text: str) -> list[str]:
    """The references of a text whose target does not exist. A bare name stands for a page of
    app/docs, or for a file at the top of the repository."""
    wrong = []
    for file, numbers in references(text):
        if file in SECTIONS:
            wrong += [f"{file} {number}" for number in numbers if number not in SECTIONS[file]]
        elif not (ROOT / file).is_file() or not (ROOT / file).resolve().is_relative_to(ROOT):
            wrong.append(file)
    return wrong


def links(page: Path) -> list[Path]:
    """The files and folders of this repository to which a page has links."""
    targets = [found["target"] for found in _LINK.finditer(page.read_text("utf-8"))]
    return [page.parent / target for target in targets if "://" not in target]


def paths(text: str) -> list[str]:
    """The files and folders that a text names in backticks."""
    return [found["path"] for found in _PATH.finditer(text)]


def exists(path: str) -> bool:
    """Whether a path exists, below the top of the repository or below the console's package. One
    that ends in a slash is a folder."""
    candidates = [top / path for top in (ROOT, ROOT / "app" / "voicelive_tui")]
    return any(each.is_dir() if path.endswith("/") else each.is_file() for each in candidates)


def statements(text: str) -> list[str]:
    """The bullets and the table rows of a page, each with its continuation lines."""
    text = re.sub(r"\n {2,}(?! )", " ", text)
    rows = [line for line in text.splitlines() if line.startswith(("* ", "| "))]
    headers = {
        text.splitlines()[n - 1] for n, line in enumerate(text.splitlines()) if "|---" in line
    }
    return [row for row in rows if row not in headers]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("(protocol.md 15.5)", []),
        ("(protocol.md sections 3 and 14)", []),
        ("protocol.md 18.2, the second entry of a list", []),
        ("README.md", []),
        ("(protocol.md 15.99)", ["protocol.md 15.99"]),
        ("(protocol.md sections 3, 99 and 14)", ["protocol.md 99"]),
        ("protocol.md 6 to 99.", ["protocol.md 99"]),
        ('"""A docstring (protocol.md\n    sections 3 and\n    98)."""', ["protocol.md 98"]),
        ("# A comment: protocol.md\n    # 97 has it", ["protocol.md 97"]),
        ('"a string (protocol.md "\n    "96)"', ["protocol.md 96"]),
        ("as nowhere.md says", ["nowhere.md"]),
        ("measured in ../shared/measurements.md", ["../shared/measurements.md"]),
    ],
)
def test_a_wrong_reference_is_found(text: str, wrong: list[str]) -> None:
    assert unresolved(text) == wrong


def test_every_reference_in_the_code_resolves() -> None:
    sources = [path for top in ("app", "tests") for path in (ROOT / top).rglob("*.py")]
    sources.remove(Path(__file__))
    texts = {path: path.read_text("utf-8") for path in sources}
    assert sum(len(list(references(text))) for text in texts.values()) > 100
    wrong = {str(path.relative_to(ROOT)): unresolved(text) for path, text in texts.items()}
    assert {path: each for path, each in wrong.items() if each} == {}


@pytest.mark.parametrize("page", PUBLIC, ids=lambda page: page.name)
def test_every_reference_and_link_of_a_page_resolves(page: Path) -> None:
    text = _LINK.sub("]", page.read_text("utf-8"))
    assert unresolved(text) == []
    cited = re.findall(r"§(\d+(?:\.\d+)*)", text)
    assert [number for number in cited if number not in SECTIONS.get(page.name, ())] == []
    assert [str(target) for target in links(page) if not target.exists()] == []


def test_the_readme_leads_to_every_page() -> None:
    targets = {target.resolve() for target in links(ROOT / "README.md")}
    assert len(PAGES) == 5
    assert [page.name for page in PAGES if page.resolve() not in targets] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_names_a_path_of_somebodys_machine(page: Path) -> None:
    assert re.findall(r"(?<![\w.])/(?:work|home|root|tmp|Users)\b", page.read_text("utf-8")) == []


def test_every_statement_about_the_architecture_names_a_file_that_exists() -> None:
    text = (DOCS / "architecture.md").read_text("utf-8")
    named = paths(text)
    assert len(named) > 100
    assert [path for path in named if not exists(path)] == []
    assert [statement for statement in statements(text) if not paths(statement)] == []


@pytest.mark.parametrize("path", ["engine/nowhere.py", "engine/nowhere/", "nowhere.toml"])
def test_a_path_that_does_not_exist_is_found(path: str) -> None:
    assert paths(f"* In `{path}` is nothing.") == [path]
    assert not exists(path)


def test_a_statement_without_a_file_is_found() -> None:
    text = "* A bullet with\n  `cli.py`.\n* A bullet with\n  none.\n\n| head |\n|---|\n| `x` |\n"
    bare = [each for each in statements(text) if not paths(each)]
    assert bare == ["* A bullet with none.", "| `x` |"]


def test_the_glossary_has_each_word_once_and_in_order() -> None:
    rows = statements((DOCS / "glossary.md").read_text("utf-8"))
    words = [row.split("|")[1].strip() for row in rows]
    assert len(words) >= 20
    assert len(set(words)) == len(words)
    assert words == sorted(words, key=str.casefold)


def test_every_command_that_prints_a_figure_exists() -> None:
    text = (DOCS / "measurements.md").read_text("utf-8")
    modules = set(re.findall(r"`python -m tests\.bench\.(\w+)`", text))
    assert modules == {path.stem for path in (ROOT / "tests" / "bench").glob("[a-z]*.py")}
