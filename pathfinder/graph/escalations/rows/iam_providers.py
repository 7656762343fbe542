"""Identity providers taken over. Source: evaluation.md ESC-33, STS-20."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.graph.escalations.calls import Call, tried
from pathfinder.graph.escalations.hops import edge
from pathfinder.graph.escalations.registry import Scene, escalation
from pathfinder.graph.escalations.resources import of_arn
from pathfinder.graph.hop import Session
from pathfinder.graph.hops.registry import Edge

_SAML = ("iam:UpdateSAMLProvider",)
_OIDC = ("iam:UpdateOpenIDConnectProviderThumbprint", "iam:AddClientIDToOpenIDConnectProvider")


@escalation("iam-providers")
def iam_providers(scene: Scene) -> Iterator[Edge]:
    """From who may write a provider that roles trust, to the provider; its sign-ins follow from there.

    Whoever writes a SAML provider's metadata signs assertions. An OIDC provider's thumbprint or audience helps
    only who controls the issuer's host, or another client of it: that nobody can see from here.
    """
    world = scene.world
    for account in world.snapshot.accounts:
        for provider in account.providers:
            place = str(provider.arn)
            if not any(hop.kind == "federated" for hop in scene.plain.get(place, ())):
                continue
            saml = ":saml-provider/" in place
            for action in _SAML if saml else _OIDC:
                for actor in (*scene.sources(action, account.id),):
                    found = tried(world, actor, [Call(action, of_arn(provider.arn))])
                    if found is None:
                        continue
                    name = provider.arn.resource.partition("/")[2]
                    gap = f"whether it controls the issuer {name}, or a client of it, is not known"
                    yield edge(
                        actor,
                        world.provider_actor(place).node,
                        found,
                        "ESC-33",
                        f"the identity provider {name} would trust who changed it",
                        Session.CREDENTIALS,
                        gaps=() if saml else (gap,),
                    )
