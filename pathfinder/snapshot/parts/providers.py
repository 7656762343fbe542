"""OIDC and SAML providers of an account."""

from __future__ import annotations

from collections.abc import Iterable

from pathfinder.aws.arn import Arn, parse_arn
from pathfinder.model.identity import IdentityProvider
from pathfinder.snapshot.parts.common import Json
from pathfinder.snapshot.reading import Pages, Place, Reading
from pathfinder.snapshot.shapes import iam


def providers(reading: Reading, pages: Pages[iam.Providers] | None) -> tuple[IdentityProvider, ...]:
    """The providers listed, with the details of those that were described."""
    details = {_bare(page.url): page.client_ids for _, page in pages or () if page.url}
    found: dict[Arn, IdentityProvider] = {}
    for place, page in pages or ():
        for name, listed in (("OpenIDConnectProviderList", page.oidc), ("SAMLProviderList", page.saml)):
            for index, entry in enumerate(listed or ()):
                provider = provider_of(reading, entry, details, place.at(f"{name}[{index}]"))
                if provider is not None:
                    found.setdefault(provider.arn, provider)
    return tuple(found.values())


def provider_of(
    reading: Reading, entry: iam.Provider, details: dict[str, list[str] | None], place: Place
) -> IdentityProvider | None:
    """One provider, with the client ids of its details by URL; None where it is left out."""
    arn = parse_arn(entry.arn)
    if arn is None or arn.service != "iam":
        reading.skip(place.at("Arn").error(f'is "{entry.arn}"; the ARN of an identity provider was expected'))
        return None
    if arn.resource_type != "oidc-provider":
        return IdentityProvider(arn)
    url = _bare(entry.url) if entry.url else arn.resource.partition("/")[2]
    audiences = entry.client_ids or details.get(url) or ()
    return IdentityProvider(arn, url, tuple(sorted(audiences)))


def _bare(url: str) -> str:
    return url.removeprefix("https://").removesuffix("/")


def providers_written(listed: Iterable[IdentityProvider]) -> Json:
    """As `list-open-id-connect-providers` and `list-saml-providers` print them, with details."""
    listed = tuple(listed)
    return {
        "OpenIDConnectProviderList": [
            {"Arn": str(each.arn), "Url": each.url, "ClientIDList": list(each.audiences)}
            for each in listed
            if each.arn.resource_type == "oidc-provider"
        ],
        "SAMLProviderList": [
            {"Arn": str(each.arn)} for each in listed if each.arn.resource_type != "oidc-provider"
        ],
    }
