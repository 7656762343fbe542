"""The output in the samples' READMEs is real: `python -m tests.samples.test_readmes` writes it anew."""

import re
import shlex
from pathlib import Path

import pytest

from tests.samples.commands import SAMPLES, pathfinder

STARTS = ("compute", "people-and-federation")
NAMES = ("ec2-to-s3", "organization", "findings", "access-points", "encrypted", "acl-and-public", *STARTS)
READMES = [SAMPLES / name / "README.md" for name in NAMES]
BLOCK = re.compile(r"^```console\n\$ pathfinder (?P<command>.*)\n(?P<output>[^`]*)^```$", re.MULTILINE)

READMES += [SAMPLES / "escalations" / "README.md", SAMPLES.parent / "README.md"]


def real(block: re.Match[str]) -> str:
    """The block with what its command really prints."""
    arguments = [
        str(SAMPLES.parent / each) if each.startswith("samples/") else each
        for each in shlex.split(block["command"])
    ]
    lines = [line.rstrip() for line in pathfinder(*arguments).stdout.splitlines()]
    return "\n".join([f"```console\n$ pathfinder {block['command']}", *lines, "```"])


@pytest.mark.slow
@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.relative_to(SAMPLES.parent).as_posix())
def test_the_readme_shows_real_output(readme: Path) -> None:
    text = readme.read_text(encoding="utf-8")
    blocks = list(BLOCK.finditer(text))
    assert len(blocks) == text.count("$ pathfinder")
    assert [block[0] for block in blocks] == [real(block) for block in blocks]


if __name__ == "__main__":
    for readme in READMES:
        text = readme.read_text(encoding="utf-8")
        readme.write_text(BLOCK.sub(real, text), encoding="utf-8")
