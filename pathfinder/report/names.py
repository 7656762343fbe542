"""How nodes, accounts, hops and resources are called where people read them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pathfinder.graph.hop import Hop
from pathfinder.graph.hops.registry import ends_route
from pathfinder.graph.node import Node, NodeKind
from pathfinder.report.text import plural, shortened, visible

KINDS: Mapping[NodeKind, tuple[str, str]] = {
    NodeKind.USER: ("user", "users"),
    NodeKind.ROLE: ("role", "roles"),
    NodeKind.ROOT: ("root user", "root users"),
    NodeKind.INSTANCE: ("ec2", "ec2 instances"),
    NodeKind.FUNCTION: ("lambda", "lambda functions"),
    NodeKind.TASK_DEFINITION: ("ecs task", "ecs tasks"),
    NodeKind.SERVICE_ACCOUNT: ("eks", "eks service accounts"),
    NodeKind.ACCESS_KEY: ("key", "access keys"),
    NodeKind.CONSOLE_LOGIN: ("console login", "console logins"),
    NodeKind.WORKFORCE_USER: ("SSO user", "SSO users"),
    NodeKind.WORKFORCE_GROUP: ("SSO group", "SSO groups"),
    NodeKind.TRUST_ANCHOR: ("certificate", "trust anchors"),
    NodeKind.OIDC_PROVIDER: ("OIDC", "OIDC providers"),
    NodeKind.SAML_PROVIDER: ("SAML", "SAML providers"),
    NodeKind.SERVICE: ("service", "services"),
    NodeKind.ANONYMOUS: ("anyone", "anyone"),
    NodeKind.EXTERNAL: ("outside", "outside principals"),
    NodeKind.BUCKET: ("bucket", "buckets"),
    NodeKind.CHANGED: ("changed", "changed principals"),
    NodeKind.ADMINISTRATOR: ("administrator", "administrators"),
    NodeKind.ACCESS_POINT: ("access point", "access points"),
    NodeKind.ACCESS_GRANT: ("grant", "grants"),
    NodeKind.ROLE_SESSION: ("session", "sessions"),
    NodeKind.FEDERATED_USER: ("federated user", "federated users"),
}
"""One and many of each kind of node, as short as people say it."""

_ARROWS: Mapping[str, str] = {
    "instance-profile": "→",
    "lambda-function": "→",
    "ecs-task": "→",
    "pod-identity": "─Pod Identity→",
    "pod-identity-target": "─target role→",
    "irsa": "─IRSA→",
    "identity-center": "─Identity Center→",
    "roles-anywhere": "─Roles Anywhere→",
    "access-key": "─key of→",
    "console-login": "─logs in as→",
    "service": "─runs as→",
}
_S3_ARN = re.compile(r"arn:[^:]*:s3:::")


@dataclass(frozen=True, slots=True)
class Names:
    """Names for one report. `wide`: nothing is shortened."""

    accounts: Mapping[str, str] = field(default_factory=dict)
    wide: bool = False

    def account(self, account: str) -> str:
        """An account by name and the beginning of its id: `app, 1234…`; `--wide` gives the whole id."""
        name = self.accounts.get(account)
        if self.wide:
            return f"{visible(name)}, {visible(account)}" if name else visible(account)
        return f"{self.short(name, 24)}, {visible(account[:4])}…" if name else visible(account)

    def short(self, text: str, cells: int = 40) -> str:
        """A text from outside, visible, and cut in the middle unless `wide`."""
        text = visible(text)
        return text if self.wide else shortened(text, cells)

    def node(self, node: Node) -> str:
        """A node with its kind and account: `role EC2Role (app, 1234…)`."""
        if node.kind is NodeKind.ANONYMOUS:
            return "anyone"
        if node.account is None and node.id.startswith("any-"):
            return visible(node.label)
        called = KINDS[node.kind][0]
        if node.kind is not NodeKind.ROOT:
            called += f" {self.short(node.label)}"
        return called + self._where(node)

    def crowd(self, nodes: Sequence[Node]) -> str:
        """Nodes of one kind and account, folded: `12 roles in app (1234…)`."""
        first = nodes[0]
        counted = plural(len(nodes), *KINDS[first.kind])
        if first.account is None:
            return counted
        name = self.accounts.get(first.account)
        if name is None:
            return f"{counted} in {visible(first.account)}"
        id_ = first.account if self.wide else f"{first.account[:4]}…"
        return f"{counted} in {self.short(name, 24)} ({visible(id_)})"

    def chain(self, nodes: Sequence[Node], hops: Sequence[Hop]) -> str:
        """A route as one line that reads aloud: `→ EC2Role ─AssumeRole→ S3AccessRole (log, 9999…)`.

        The last hop is named where it is the only one, or more than the acting principal's own policy.
        """
        words = []
        for source, node, hop in zip(nodes, nodes[1:], hops[:-1], strict=False):
            where = self._where(node) if node.account != source.account else ""
            words.append(f"{self.arrow(hop)} {self.short(node.label)}{where}")
        last = hops[-1]
        if len(hops) == 1 or last.via != "identity policy":
            words.append(self.arrow(last))
        return " ".join(words)

    def arrow(self, hop: Hop) -> str:
        """A hop as an arrow: `─AssumeRole→`, `─bucket policy→`; an escalation's is dashed."""
        if hop.escalation is not None:
            done = hop.actions[0].rpartition(":")[2] if hop.actions else "is"
            return f"╌{visible(hop.escalation.rule)} {visible(done)}⇢"
        if hop.kind in _ARROWS:
            return _ARROWS[hop.kind]
        if hop.via:
            return f"─{visible(hop.via)}→"
        if not ends_route(hop.kind) and len(hop.actions) == 1:
            return f"─{visible(hop.actions[0].rpartition(':')[2])}→"
        return f"─{visible(hop.kind)}→"

    def resources(self, hop: Hop) -> str:
        """What an access hop reaches: `my-bucket/*`, with what is taken out of it."""
        reached = self._listed(hop.resources)
        return f"{reached} except {self._listed(hop.except_)}" if hop.except_ else reached

    def _listed(self, arns: Sequence[str]) -> str:
        if len(arns) == 2 and arns[1] == f"{arns[0]}/*":
            bucket = self._listed(arns[:1])
            return f"{'every bucket' if bucket == '*' else bucket} and its objects"
        shown = arns if self.wide else arns[:3]
        texts = [self.short(_S3_ARN.sub("", arn, count=1), 60) for arn in shown]
        if len(shown) < len(arns):
            texts.append(f"{len(arns) - len(shown)} more")
        return ", ".join(texts)

    def _where(self, node: Node) -> str:
        if node.account is None:
            return " (outside)" if node.external else ""
        return f" ({'outside, ' if node.external else ''}{self.account(node.account)})"
