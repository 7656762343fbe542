"""Requests in a small world: whose policies apply, what is known of them, what the caller chooses."""

from typing import Any

from .context_sets import Contexts, Facts
from .language import Context
from .principals import Caller, read_caller
from .world_choices import chosen_by
from .world_contexts import Actor, fixed_keys, keys_of_role, org_path, organization_of
from .world_decisions import Applicable, Policies, Request
from .world_statements import Statement
from .world_values import World


class Requests:
    """The requests of one world; what several of them share is made once."""

    def __init__(self, world: World, chosen_from: World | None = None) -> None:
        self.world = world
        self._chosen_from = chosen_from or world  # strangers do not add to what callers choose
        self.roles: dict[str, tuple[str, str]] = {
            principal_arn(account, "role", name, role): (account, name)
            for account, content in world["accounts"].items()
            for name, role in content["roles"].items()
        }
        self.buckets: dict[str, str] = {
            bucket: account for account, content in world["accounts"].items() for bucket in content["buckets"]
        }
        self._contexts: dict[tuple[Any, ...], Contexts] = {}
        self._applicable: dict[tuple[str, str, str], Applicable] = {}
        self._callers: dict[Actor, Caller] = {}
        self._facts: dict[tuple[Actor, str], Facts] = {}
        self._statements: dict[int, Policies] = {}

    def request(self, actor: Actor, action: str, resource: str) -> Request:
        """The request with everything that decides it."""
        facts = self.facts(actor, resource)
        return Request(
            caller=self._caller(actor, facts),
            action=action.lower(),
            resource=resource,
            owner=self.owner(resource),
            facts=facts,
            contexts=self.contexts(actor, action),
            policies=self._compiled(actor, action, resource),
        )

    def owner(self, resource: str) -> str:
        """The account of the role or the bucket."""
        return self.roles[resource][0] if resource in self.roles else self.buckets[bucket_of(resource)]

    def facts(self, actor: Actor, resource: str) -> Facts:
        """What the principal and the resource fix, with keys in lower case."""
        about = resource if resource in self.roles else self.owner(resource)
        if (actor, about) not in self._facts:
            fixed = fixed_keys(self.world, actor, self.owner(resource))
            if resource in self.roles:
                fixed |= keys_of_role(self.world, actor, *self.roles[resource])
            self._facts[actor, about] = {key.lower(): value for key, value in fixed.items()}
        return self._facts[actor, about]

    def contexts(self, actor: Actor, action: str) -> Contexts:
        """What the caller and its network choose; all checks of one sts call see the same (STS-25)."""
        provider = actor.arn if actor.kind == "provider" else ""
        name = actor.session if actor.kind == "service" else ""
        service = "sts:" if action.startswith("sts:") else action
        asked = (actor.kind, provider, name, actor.source_identity != "", service)
        if asked not in self._contexts:
            self._contexts[asked] = chosen_by(self._chosen_from, actor, action)
        return self._contexts[asked]

    def _caller(self, actor: Actor, facts: Facts) -> Caller:
        if actor not in self._callers:
            self._callers[actor] = read_caller({"principal": signing_arn(actor)}, Context(facts))
        return self._callers[actor]

    # ---- policies ---------------------------------------------------------------------------------

    def policies(self, actor: Actor, resource: str) -> dict[str, Any]:
        """The policies that apply, in the scenario's format; endpoint policies apart."""
        if resource in self.roles:
            policies: dict[str, Any] = {"resource": self.trust_policy(resource)}
        else:
            account = self.world["accounts"][self.owner(resource)]
            policies = {"resource": account["buckets"][bucket_of(resource)]["policy"]}
        in_account = actor.kind in ("user", "role", "root")  # ORG-2
        policies["scp"] = self._levels(actor.account, "scp") if in_account else None
        policies["rcp"] = self._levels(self.owner(resource), "rcp")
        if actor.kind in ("user", "role") and actor.account is not None:
            home = self.world["accounts"][actor.account]
            holder = home[actor.kind + "s"][actor.name]
            groups = [home["groups"][group] for group in holder.get("groups", [])]
            policies["identity"] = [d for source in (holder, *groups) for d in source["inline"]]
            policies["identity"] += [
                home["policies"][name] for source in (holder, *groups) for name in source["managed"]
            ]
            policies["permissions_boundary"] = (
                home["policies"][holder["boundary"]] if holder["boundary"] else None
            )
        return policies

    def trust_policy(self, role: str) -> dict[str, Any]:
        """The role's trust policy."""
        account, name = self.roles[role]
        trust: dict[str, Any] = self.world["accounts"][account]["roles"][name]["trust"]
        return trust

    def endpoint_policies(self) -> dict[str, Any]:
        """Endpoint to its policy, for those that have one."""
        return {
            name: endpoint["policy"]
            for account in self.world["accounts"].values()
            for name, endpoint in account["endpoints"].items()
            if endpoint["policy"] is not None
        }

    def _levels(self, account: str | None, kind: str) -> list[list[dict[str, Any]]] | None:
        """Root, OUs, account; None where such policies do not bind the account (ORG-1, ORG-7, ORG-20)."""
        organization = organization_of(self.world, account)
        if (
            organization is None
            or account == organization["management"]
            or not organization[f"{kind}_enabled"]
        ):
            return None
        assert account is not None
        levels = [organization["ous"][ou] for ou in org_path(organization, account)]
        levels.append(organization["accounts"][account])
        return [[organization[f"{kind}s"][name] for name in level[f"{kind}s"]] for level in levels]

    def _compiled(self, actor: Actor, action: str, resource: str) -> Applicable:
        """The statements about the action in the policies that apply."""
        asked = (actor.arn, action, resource if resource in self.roles else bucket_of(resource))
        if asked not in self._applicable:
            policies = self.policies(actor, resource)
            boundary = policies.get("permissions_boundary")
            self._applicable[asked] = Applicable(
                identity=self._about(action, policies.get("identity") or []),
                boundary=None if boundary is None else self._about(action, [boundary]),
                resource=self._about(action, [policies["resource"]]),
                scp=self._each_about(action, policies["scp"]),
                rcp=self._each_about(action, policies["rcp"]),
                endpoints=[
                    (name, self._about(action, [policy])) for name, policy in self.endpoint_policies().items()
                ],
            )
        return self._applicable[asked]

    def _each_about(self, action: str, levels: list[list[Any]] | None) -> list[Policies] | None:
        return None if levels is None else [self._about(action, level) for level in levels]

    def _about(self, action: str, documents: list[Any]) -> Policies:
        return [
            statement
            for document in documents
            for statement in self._statements_of(document)
            if statement.concerns(action)
        ]

    def _statements_of(self, document: dict[str, Any] | None) -> Policies:
        if document is None:
            return []
        if id(document) not in self._statements:
            version = document.get("Version", "2008-10-17")  # LANG-4
            self._statements[id(document)] = [Statement(raw, version) for raw in document["Statement"]]
        return self._statements[id(document)]


def signing_arn(actor: Actor) -> str:
    """What a scenario names as the principal: for a role, the session."""
    if actor.kind != "role":
        return actor.arn
    return f"arn:aws:sts::{actor.account}:assumed-role/{actor.name}/{actor.session}"


def principal_arn(account: str, kind: str, name: str, thing: dict[str, Any]) -> str:
    return f"arn:aws:iam::{account}:{kind}{thing['path']}{name}"


def bucket_of(resource: str) -> str:
    return resource.removeprefix("arn:aws:s3:::").partition("/")[0]
