"""EKS clusters with their service accounts, and Pod Identity associations."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from pathfinder.aws.arn import Arn, parse_arn
from pathfinder.model.compute import Cluster, PodIdentity, ServiceAccount
from pathfinder.model.organization import Account
from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.files import below
from pathfinder.snapshot.parts.common import Json
from pathfinder.snapshot.parts.containers import role_arn
from pathfinder.snapshot.reading import Pages, Place, Reading
from pathfinder.snapshot.shapes import containers

ANNOTATION = "eks.amazonaws.com/role-arn"
"""What says on a service account which role its pods act with (STS-44)."""


def clusters(reading: Reading, pages: Pages[containers.Clusters] | None, folder: str) -> tuple[Cluster, ...]:
    """The clusters that were described, with their service accounts from `FOLDER/REGION/CLUSTER.json`."""
    found: dict[Arn, Cluster] = {}
    listed: set[str] = set()
    for place, page in pages or ():
        listed.update(page.clusters or ())
        if page.cluster is None:
            continue
        try:
            made = _cluster(reading, page.cluster, place.at("cluster"), folder)
            found.setdefault(made.arn, made)
        except InputError as error:
            reading.skip(error)
            if pages:
                pages.complete = False
    if listed - {each.name for each in found.values()} and pages:
        pages.complete = False
    return tuple(found.values())


def _cluster(reading: Reading, entry: containers.ClusterEntry, place: Place, folder: str) -> Cluster:
    arn = parse_arn(entry.arn)
    if arn is None or arn.service != "eks":
        raise place.at("arn").error(f'is "{entry.arn}"; the ARN of a cluster was expected')
    oidc = entry.identity.oidc if entry.identity else None
    issuer = oidc.issuer.removeprefix("https://").removesuffix("/") if oidc and oidc.issuer else None
    file = below(folder, _file(arn))
    pages = reading.pages_of([file], containers.ServiceAccounts, arn.account)
    accounts = _service_accounts(pages) if pages.pages and pages.complete else None
    return Cluster(arn, issuer, accounts)


def _file(cluster: Arn) -> str:
    """Names of clusters are unique in a region."""
    return f"{quote(cluster.region, safe='')}/{quote(cluster.name, safe='')}.json"


def _service_accounts(pages: Pages[containers.ServiceAccounts]) -> tuple[ServiceAccount, ...]:
    found = {
        (each.metadata.namespace, each.metadata.name): ServiceAccount(
            each.metadata.namespace,
            each.metadata.name,
            (each.metadata.annotations or {}).get(ANNOTATION),
        )
        for _, page in pages
        for each in page.items or ()
    }
    return tuple(found[key] for key in sorted(found))


def pod_identities(reading: Reading, pages: Pages[containers.Associations] | None) -> tuple[PodIdentity, ...]:
    """The associations; one that was listed but not described has no role."""
    found: dict[Arn, PodIdentity] = {}
    for page_place, page in pages or ():
        entries = [
            (page_place.at(f"associations[{n}]"), each) for n, each in enumerate(page.associations or ())
        ]
        if page.association is not None:
            entries.append((page_place.at("association"), page.association))
        for place, entry in entries:
            try:
                made = _pod_identity(entry, place)
            except InputError as error:
                reading.skip(error)
                if pages:
                    pages.complete = False
                continue
            if made.arn not in found or found[made.arn].role is None:
                found[made.arn] = made
    return tuple(found.values())


def _pod_identity(entry: containers.AssociationEntry, place: Place) -> PodIdentity:
    arn = parse_arn(entry.association_arn)
    if arn is None or arn.service != "eks":
        raise place.at("associationArn").error(
            f'is "{entry.association_arn}"; the ARN of an association was expected'
        )
    return PodIdentity(
        arn,
        entry.cluster_name,
        entry.namespace,
        entry.service_account,
        role_arn(entry.role_arn, place.at("roleArn")),
        role_arn(entry.target_role_arn, place.at("targetRoleArn")),
        tags_sessions=not entry.disable_session_tags,
        external_id=entry.external_id,
    )


def clusters_written(account: Account) -> list[object]:
    """As `list-clusters`, then each `describe-cluster`, print them."""
    listed: Json = {"clusters": [each.name for each in account.clusters]}
    if "clusters" not in account.known:
        listed["incomplete"] = True
    return [listed, *({"cluster": _cluster_written(each)} for each in account.clusters)]


def _cluster_written(cluster: Cluster) -> Json:
    found: Json = {"name": cluster.name, "arn": str(cluster.arn)}
    if cluster.issuer is not None:
        found["identity"] = {"oidc": {"issuer": f"https://{cluster.issuer}"}}
    return found


def service_accounts_written(account: Account) -> Mapping[str, Json]:
    """File name to what `kubectl get serviceaccounts` prints for a cluster, where it is known."""
    return {
        _file(cluster.arn): {"items": [_service_account_written(each) for each in cluster.service_accounts]}
        for cluster in account.clusters
        if cluster.service_accounts is not None
    }


def _service_account_written(account: ServiceAccount) -> Json:
    metadata: Json = {"name": account.name, "namespace": account.namespace}
    if account.role_arn is not None:
        metadata["annotations"] = {ANNOTATION: account.role_arn}
    return {"metadata": metadata}


def pod_identities_written(account: Account) -> list[object]:
    """As each `describe-pod-identity-association` prints them."""
    listed: Json = {"associations": []}
    if "pod_identities" not in account.known:
        listed["incomplete"] = True
    return [listed, *({"association": _pod_identity_written(each)} for each in account.pod_identities)]


def _pod_identity_written(association: PodIdentity) -> Json:
    found: Json = {
        "associationArn": str(association.arn),
        "clusterName": association.cluster,
        "namespace": association.namespace,
        "serviceAccount": association.service_account,
    }
    if association.role is not None:
        found["roleArn"] = str(association.role)
    if association.target_role is not None:
        found["targetRoleArn"] = str(association.target_role)
    if not association.tags_sessions:
        found["disableSessionTags"] = True
    if association.external_id is not None:
        found["externalId"] = association.external_id
    return found
