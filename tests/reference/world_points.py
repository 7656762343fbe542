"""What is asked about a small world: every action with every bucket and with some object keys."""

from .language import as_list
from .world_values import World, documents, told_apart

ACTIONS = ("s3:GetObject", "s3:PutObject", "s3:ListBucket")
MOST_KEYS = 6  # of one bucket, in worlds whose sessions carry something, where each key is much to decide


def points(world: World) -> list[tuple[str, str]]:
    """Action and resource; the same for both sides, so that a key which is not asked about is nobody's mistake."""
    found: list[tuple[str, str]] = []
    for bucket, keys in object_keys(world).items():
        found.append(("s3:ListBucket", f"arn:aws:s3:::{bucket}"))
        found += [(action, f"arn:aws:s3:::{bucket}/{key}") for key in keys for action in ACTIONS[:2]]
    return found


def object_keys(world: World) -> dict[str, list[str]]:
    """Of each bucket, keys that the patterns in the policies tell apart."""
    patterns = _patterns(world)
    found = {}
    for bucket in [bucket for content in world["accounts"].values() for bucket in content["buckets"]]:
        texts = told_apart([*patterns, f"{bucket}/other"], world)
        keys = [text.partition("/")[2] for text in texts if text.startswith(f"{bucket}/")]
        found[bucket] = (
            _some([key for key in keys if key]) if world["with_sessions"] else [k for k in keys if k]
        )
    return found


def _some(keys: list[str]) -> list[str]:
    """Spread over all of them, "other" among them, which is the most ordinary one."""
    step = -(-len(keys) // MOST_KEYS)
    return [key for number, key in enumerate(keys) if number % step == 0 or key == "other"]


def _patterns(world: World) -> list[str]:
    """What the policies say about bucket and key."""
    found = set()
    for document in documents(world):
        for statement in document["Statement"]:
            for element in ("Resource", "NotResource"):
                entries = as_list(statement.get(element, []))
                found |= {e.removeprefix("arn:aws:s3:::") for e in entries if e.startswith("arn:aws:s3:::")}
    return sorted(found)
