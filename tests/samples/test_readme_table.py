"""The table "What is modelled" of the README names tests that there are, and that cite the rules of their row."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
ROW = re.compile(r"^\| (?P<mechanism>[^|]+) \| (?P<rules>[^|]+) \| [^|]+ \| (?P<tests>[\w/., ]+) \|$")
RULE = re.compile(r"(?P<first>[A-Z0-9]+-[A-Z]?\d+)(?: to (?P<last>[A-Z0-9]+-[A-Z]?\d+))?")


def rows() -> list[tuple[str, list[str], list[Path]]]:
    """Mechanism, rule ids with ranges written out, and files, of each row that cites rules."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    _, _, modelled = text.partition("## What is modelled")
    section, _, _ = modelled.partition("\n## ")
    found = []
    for line in section.splitlines():
        match = ROW.match(line)
        if match and match["mechanism"].strip() not in ("mechanism", "---"):
            files = [TESTS / name.strip() for name in match["tests"].split(",")]
            found.append((match["mechanism"].strip(), written_out(match["rules"]), files))
    return found


def written_out(rules: str) -> list[str]:
    """Each id of a list such as `STS-1 to STS-8, PRIN-10`."""
    found: list[str] = []
    for match in RULE.finditer(rules):
        kind, _, first = match["first"].rpartition("-")
        last = (match["last"] or match["first"]).rpartition("-")[2]
        letter = first[0] if first[0].isalpha() else ""
        numbers = range(int(first.lstrip("A")), int(last.lstrip("A")) + 1)
        found.extend(f"{kind}-{letter}{number}" for number in numbers)
    return found


def text_of(path: Path) -> str:
    """A test file's text, or that of all test files of a folder."""
    files = sorted(path.glob("**/test_*.py")) if path.is_dir() else [path]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


@pytest.mark.parametrize(("mechanism", "rules", "files"), rows(), ids=[row[0] for row in rows()])
def test_the_tests_of_a_row_cite_its_rules(mechanism: str, rules: list[str], files: list[Path]) -> None:
    assert all(file.exists() for file in files), mechanism
    cited = "\n".join(map(text_of, files))
    assert not rules or any(re.search(rf"\b{rule}\b", cited) for rule in rules), rules


def test_every_rule_of_the_chapters_is_in_the_table() -> None:
    """Chapters 6 to 10: what is not there by an id of its own is said to be left out."""
    named = {rule for _, rules, _ in rows() for rule in rules}
    left_out = {"ESC-49"}  # there is no such rule
    wanted = {f"KEY-{n}" for n in range(1, 7)} | {f"BPA-{n}" for n in range(1, 11)}
    wanted |= {f"KMS-{n}" for n in range(1, 14)} | {f"S3-{n}" for n in range(50, 58)}
    wanted |= {f"S3-{n}" for n in (*range(1, 8), 17, 18, *range(21, 27), 30, 31, *range(40, 48))}
    wanted |= {f"STS-{n}" for n in (*range(1, 16), *range(20, 26), *range(30, 36), *range(40, 51))}
    wanted |= {
        f"ESC-{n}"
        for n in (
            *range(1, 8),
            *range(10, 14),
            *range(20, 37),
            *range(40, 69),
            *range(70, 75),
            *range(80, 96),
            98,
            99,
        )
    }
    assert sorted(wanted - named - left_out) == []
