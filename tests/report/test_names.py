from __future__ import annotations

from dataclasses import replace

import pytest
from rich.cells import cell_len

from pathfinder.graph.hop import Hop
from pathfinder.graph.node import Node, NodeKind
from pathfinder.logic.formula import TRUE
from pathfinder.report.actions import action_words
from pathfinder.report.names import KINDS, Names
from pathfinder.report.text import fitting, shortened, visible
from tests.report.made import APP, EC2_ROLE, NAMES, S3_ROLE, access, bucket, role

NODES = [
    (role("EC2Role"), "role EC2Role (app, 1234…)"),
    (role("x", "444455556666", external=True), "role x (outside, 444455556666)"),
    (Node("anonymous", NodeKind.ANONYMOUS, "anonymous"), "anyone"),
    (Node(f"arn:aws:iam::{APP}:root", NodeKind.ROOT, "root", APP), "root user (app, 1234…)"),
    (Node("ec2.amazonaws.com", NodeKind.SERVICE, "ec2.amazonaws.com"), "service ec2.amazonaws.com"),
]


@pytest.mark.parametrize(("node", "name"), NODES)
def test_nodes(node, name):
    assert Names(NAMES).node(node) == name


def test_every_kind_has_a_name():
    assert set(KINDS) == set(NodeKind)


def test_hops_read_aloud():
    names = Names(NAMES)
    web = Hop("federated", "x", "y", TRUE, ("sts:AssumeRoleWithWebIdentity",))
    assert names.arrow(web) == "─AssumeRoleWithWebIdentity→"
    assert names.arrow(Hop("new-kind", "x", "y", TRUE)) == "─new-kind→"
    both = access(EC2_ROLE, bucket(), via="bucket policy and identity policy")
    assert names.chain((EC2_ROLE, bucket()), (both,)) == "─bucket policy and identity policy→"
    assert names.chain((S3_ROLE, bucket()), (access(S3_ROLE, bucket()),)) == "─identity policy→"


def test_resources():
    names = Names()
    hop = access(EC2_ROLE, bucket())
    assert (
        names.resources(replace(hop, except_=("arn:aws:s3:::my-bucket/secret/*",)))
        == "my-bucket/* except my-bucket/secret/*"
    )
    both = replace(hop, resources=("arn:aws:s3:::my-bucket", "arn:aws:s3:::my-bucket/*"))
    assert names.resources(both) == "my-bucket and its objects"
    every = replace(hop, resources=("arn:aws:s3:::*", "arn:aws:s3:::*/*"))
    assert names.resources(every) == "every bucket and its objects"
    many = replace(hop, resources=tuple(f"arn:aws:s3:::b/{number}" for number in range(5)))
    assert names.resources(many) == "b/0, b/1, b/2, 2 more"
    assert Names(wide=True).resources(many) == "b/0, b/1, b/2, b/3, b/4"


@pytest.mark.parametrize(
    ("actions", "words"),
    [
        (("s3:GetObject",), ("read",)),
        (("s3:PutObject", "s3:GetObject"), ("read", "write")),
        (("s3:ListBucket", "s3:DeleteObject"), ("list", "delete")),
        (("s3:PutBucketPolicy",), ("take over",)),
        (("s3:PutBucketLogging",), ("configure",)),
        (("s3:NewThing",), ("s3:NewThing",)),
    ],
)
def test_actions_in_words(actions, words):
    assert action_words(actions) == words


def test_a_wildcard_gives_all_that_it_may_mean():
    assert {"read", "write", "list", "delete", "take over"} <= set(action_words(("s3:*",)))
    assert "write" not in action_words(("s3:GetObject*",))


@pytest.mark.parametrize("text", ["abc", "日本語の名前", "a" * 50, "日" * 30, "é" * 20])
def test_shortened_texts_fit(text):
    for cells in range(1, 30):
        assert cell_len(shortened(text, cells)) <= cells
        assert cell_len(fitting(text, cells)) <= cells


def test_hidden_characters_are_visible():
    assert (
        visible("a\x00\x1b\x7f\x9b\u200b\u202e\u2066\ud800")
        == "a⟨U+0000⟩⟨U+001B⟩⟨U+007F⟩⟨U+009B⟩⟨U+200B⟩⟨U+202E⟩⟨U+2066⟩⟨U+D800⟩"
    )
    assert visible("日本語 עברית") == "日本語 עברית"
