"""Snapshots of any shape, for laws that hold for all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from pathfinder.aws.arn import AccountId, Arn
from pathfinder.model.access_points import (
    AccessGrant,
    AccessGrantsInstance,
    AccessGrantsLocation,
    MemberBucket,
    MultiRegionAccessPoint,
    ObjectLambdaAccessPoint,
)
from pathfinder.model.compute import (
    Cluster,
    ContainerService,
    PodIdentity,
    ServiceAccount,
    TaskDefinition,
)
from pathfinder.model.identity import AccessKey, Group, IdentityProvider, InstanceProfile, Role, User
from pathfinder.model.organization import (
    Account,
    DelegatedAdministrator,
    Gap,
    Member,
    Organization,
    OrganizationUnit,
    Snapshot,
)
from pathfinder.model.resources import (
    AccessPoint,
    Acl,
    AclGrant,
    Bucket,
    Instance,
    Key,
    KmsGrant,
    LambdaFunction,
    ObjectOwnership,
    PublicAccessBlock,
    S3Object,
    VpcEndpoint,
)
from pathfinder.model.workforce import (
    AnywhereProfile,
    Assignment,
    IdentityCenter,
    PermissionSet,
    TrustAnchor,
    WorkforceGroup,
    WorkforceUser,
)
from pathfinder.policy.document import Document, Policy, PolicyKind, SomePolicy, Unread
from pathfinder.policy.parse import parse_document
from pathfinder.snapshot.gaps import KINDS, PARTS, SELDOM

from .workload_strategies import workloads

IDS = [AccountId(digit * 12) for digit in "123"]
names = st.text("abcDE-_.+=,@é雪", min_size=1, max_size=5).filter(lambda text: text.strip(".") != "")
words = st.text(max_size=8)
some_words = st.none() | st.text(min_size=1, max_size=8)
flags = st.booleans()
maybe = st.none() | flags
tags = st.dictionaries(names, words, max_size=2)
regions = st.sampled_from(["eu-west-1", "us-gov-east-1", "cn-north-1"])
reasons = st.sampled_from(["AccessDenied", "its document is not in the snapshot", "x: y is z; left out"])


def one_or_many(items: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return items | st.lists(items, max_size=3)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Documents with well-formed and malformed statements."""
    return parse_document(
        {
            "Version": draw(st.sampled_from(["2012-10-17", "2008-10-17"])),
            **draw(st.sampled_from([{}, {"Id": "an id"}])),
            "Statement": draw(st.lists(statements(), max_size=3)),
        },
        lenient=True,
    )


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    texts = one_or_many(words)
    optional: dict[str, st.SearchStrategy[Any]] = {
        "Sid": words,
        "Effect": st.sampled_from(["Allow", "Deny", "allow"]),
        "Principal": st.just("*")
        | st.dictionaries(st.sampled_from(["AWS", "Service", "Odd"]), texts, max_size=2),
        "NotPrincipal": st.just({"AWS": "123456789012"}),
        "Action": texts,
        "NotAction": texts,
        "Resource": texts,
        "NotResource": texts,
        "Condition": st.dictionaries(
            words, st.dictionaries(words, texts | st.integers() | flags, max_size=2), max_size=2
        ),
        "Odd": words,
    }
    return draw(st.fixed_dictionaries({}, optional=optional))


@st.composite
def policies(draw: st.DrawFn, kind: PolicyKind, name: str, attached_to: str) -> SomePolicy:
    if draw(st.booleans()):
        return Policy(kind, name, attached_to, draw(documents()))
    return Unread(kind, name, attached_to, draw(reasons))


def one_each(
    item: st.SearchStrategy[Any], key: Callable[[Any], Any], most: int = 2
) -> st.SearchStrategy[Any]:
    return st.lists(item, unique_by=key, max_size=most).map(tuple)


class AccountDraw:
    """Draws one account; managed policies are the same wherever they are attached."""

    def __init__(self, draw: st.DrawFn, account: AccountId) -> None:
        self.draw = draw
        self.account = account
        self.partition = draw(st.sampled_from(["aws", "aws-cn"]))
        self.managed: dict[str, Any] = {}
        for name in ("a", "path/b"):
            document = draw(documents() | reasons)
            self.managed[f"arn:{self.partition}:iam::{account}:policy/{name}"] = document

    def arn(self, kind: str, name: str) -> Arn:
        return Arn(self.partition, "iam", "", self.account, f"{kind}/{name}")

    def held(self, kind: PolicyKind, name: str, holder: Arn) -> SomePolicy:
        found = self.managed[name]
        if isinstance(found, Document):
            return Policy(kind, name, str(holder), found)
        return Unread(kind, name, str(holder), found)

    def policies(self, holder: Arn) -> tuple[SomePolicy, ...]:
        inline = self.draw(st.lists(names, unique=True, max_size=2))
        attached = self.draw(st.lists(st.sampled_from(sorted(self.managed)), unique=True, max_size=2))
        own = [self.draw(policies(PolicyKind.IDENTITY, name, str(holder))) for name in inline]
        return (*own, *(self.held(PolicyKind.IDENTITY, name, holder) for name in attached))

    def boundary(self, holder: Arn) -> SomePolicy | None:
        name = self.draw(st.none() | st.sampled_from(sorted(self.managed)))
        return None if name is None else self.held(PolicyKind.BOUNDARY, name, holder)

    def groups(self) -> tuple[Group, ...]:
        arns = [self.arn("group", name) for name in self.draw(st.lists(names, unique=True, max_size=2))]
        return tuple(Group(arn, self.policies(arn)) for arn in arns)

    def users(self, groups: tuple[Group, ...]) -> tuple[User, ...]:
        return tuple(self.user(name, groups) for name in self.draw(st.lists(names, unique=True, max_size=2)))

    def user(self, name: str, groups: tuple[Group, ...]) -> User:
        arn = self.arn("user", self.draw(st.sampled_from(["", "path/"])) + name)
        mine = (
            self.draw(st.lists(st.sampled_from(groups), unique_by=lambda g: g.arn, max_size=2))
            if groups
            else []
        )
        keys = st.builds(AccessKey, id=names, active=flags, created=some_words, last_used=some_words)
        return User(
            arn=arn,
            unique_id=self.draw(some_words),
            policies=(*self.policies(arn), *(policy for group in mine for policy in group.policies)),
            boundary=self.boundary(arn),
            tags=self.draw(tags),
            groups=tuple(group.arn for group in mine),
            access_keys=self.draw(
                st.none()
                | one_each(keys, lambda key: key.id).map(lambda k: tuple(sorted(k, key=lambda x: x.id)))
            ),
            has_password=self.draw(maybe),
            has_mfa=self.draw(maybe),
        )

    def role(self, name: str) -> Role:
        arn = self.arn("role", self.draw(st.sampled_from(["", "aws-service-role/x.amazonaws.com/"])) + name)
        return Role(
            arn=arn,
            unique_id=self.draw(some_words),
            trust=self.draw(policies(PolicyKind.TRUST, "trust policy", str(arn))),
            policies=self.policies(arn),
            boundary=self.boundary(arn),
            tags=self.draw(tags),
            last_used=self.draw(some_words),
            max_session_seconds=self.draw(st.none() | st.integers(900, 43200)),
        )


blocks = st.builds(PublicAccessBlock, flags, flags, flags, flags)
grants = st.builds(
    AclGrant, st.sampled_from(["canonical", "http://acs.amazonaws.com/groups/global/AllUsers"]), words
)
acls = st.builds(
    Acl,
    some_words,
    one_each(grants, lambda g: g).map(lambda gs: tuple(sorted(gs, key=lambda g: (g.grantee, g.permission)))),
)


objects = st.builds(
    S3Object,
    st.text("a/*?$é<.", min_size=1, max_size=6),
    st.none() | st.just("canonical"),
    st.none() | acls,
    st.none() | tags,
)


@st.composite
def buckets(draw: st.DrawFn, account: AccountId, partition: str) -> Bucket:
    name = "a" + draw(st.text("abc-.9", min_size=2, max_size=5))
    # A bucket has one owner: accounts never have the same (TERM-5).
    arn = Arn(partition, "s3", "", "", f"{name}{account}")
    return Bucket(
        arn=arn,
        account=account,
        policy=draw(st.none() | policies(PolicyKind.RESOURCE, "bucket policy", str(arn))),
        region=draw(st.none() | regions),
        public_access_block=draw(st.none() | blocks),
        ownership=draw(st.none() | st.sampled_from(ObjectOwnership)),
        acl=draw(st.none() | acls),
        kms_key=draw(some_words),
        encryption=draw(some_words),
        bucket_key=draw(maybe),
        tags=draw(tags),
        abac=draw(maybe),
        versioned=draw(maybe),
        requester_pays=draw(maybe),
        objects=draw(one_each(objects, lambda each: each.key)),
        objects_listed=draw(flags),
        unread=tuple(draw(st.lists(st.sampled_from(sorted(PARTS)), unique=True))),
    )


@st.composite
def access_points(draw: st.DrawFn, account: AccountId, partition: str) -> AccessPoint:
    arn = Arn(partition, "s3", draw(regions), account, f"accesspoint/{draw(names)}")
    return AccessPoint(
        arn=arn,
        bucket=draw(words),
        bucket_account=draw(st.none() | st.sampled_from(IDS)),
        policy=draw(st.none() | policies(PolicyKind.RESOURCE, "access point policy", str(arn))),
        alias=draw(some_words),
        vpc=draw(some_words),
        public_access_block=draw(st.none() | blocks),
        tags=draw(tags),
    )


@st.composite
def multi_region_access_points(draw: st.DrawFn, account: AccountId, partition: str) -> MultiRegionAccessPoint:
    arn = Arn(partition, "s3", "", account, f"accesspoint/{draw(names)}.mrap")
    member = st.builds(MemberBucket, words, st.none() | st.sampled_from(IDS), st.none() | regions)
    return MultiRegionAccessPoint(
        arn=arn,
        name=draw(names),
        buckets=draw(one_each(member, lambda m: (m.bucket, m.region or ""))),
        policy=draw(st.none() | policies(PolicyKind.RESOURCE, "Multi-Region Access Point policy", str(arn))),
        public_access_block=draw(st.none() | blocks),
        status=draw(some_words),
    )


@st.composite
def object_lambda_access_points(
    draw: st.DrawFn, account: AccountId, partition: str
) -> ObjectLambdaAccessPoint:
    region = draw(regions)
    arn = Arn(partition, "s3-object-lambda", region, account, f"accesspoint/{draw(names)}")
    support = Arn(partition, "s3", region, account, f"accesspoint/{draw(names)}")
    function = st.builds(lambda name: Arn(partition, "lambda", region, account, f"function:{name}"), names)
    return ObjectLambdaAccessPoint(
        arn=arn,
        supporting=draw(st.none() | st.just(support)),
        transforms=tuple(sorted(draw(st.sets(st.sampled_from(["GetObject", "ListObjectsV2"]))))),
        functions=tuple(sorted(draw(one_each(function, lambda f: f)))),
        policy=draw(st.none() | policies(PolicyKind.RESOURCE, "Object Lambda access point policy", str(arn))),
        alias=draw(some_words),
        public_access_block=draw(st.none() | blocks),
    )


@st.composite
def access_grants_instances(draw: st.DrawFn, account: AccountId, partition: str) -> AccessGrantsInstance:
    arn = Arn(partition, "s3", draw(regions), account, "access-grants/default")

    def below(kind: str, name: str) -> Arn:
        return Arn(partition, "s3", arn.region, account, f"access-grants/default/{kind}/{name}")

    role = Arn(partition, "iam", "", account, "role/location")
    places = {
        name: AccessGrantsLocation(
            name, below("location", name), draw(words), draw(st.none() | st.just(role))
        )
        for name in draw(st.sets(names, max_size=2))
    }
    grants = {
        name: AccessGrant(
            name,
            below("grant", name),
            draw(words),
            draw(words),
            draw(words),
            draw(words),
            draw(words),
            draw(some_words),
        )
        for name in draw(st.sets(names, max_size=2))
    }
    return AccessGrantsInstance(
        arn=arn,
        policy=draw(st.none() | policies(PolicyKind.RESOURCE, "Access Grants instance policy", str(arn))),
        locations=draw(st.none() | st.just(tuple(places.values()))),
        grants=draw(st.none() | st.just(tuple(grants.values()))),
        identity_center=draw(some_words),
    )


@st.composite
def keys(draw: st.DrawFn, account: AccountId, partition: str) -> Key:
    arn = Arn(partition, "kms", draw(regions), account, f"key/{draw(names)}")
    operations = one_each(words, lambda w: w).map(lambda w: tuple(sorted(w)))
    grant = st.builds(KmsGrant, words, words, operations, tags, flags)
    return Key(
        arn=arn,
        policy=draw(policies(PolicyKind.KEY, "key policy", str(arn))),
        aws_managed=draw(maybe),
        state=draw(some_words),
        grants=draw(
            st.none() | one_each(grant, lambda g: g.id).map(lambda gs: tuple(sorted(gs, key=lambda g: g.id)))
        ),
        aliases=draw(st.none() | st.lists(words, max_size=2).map(lambda each: tuple(sorted(each)))),
        tags=draw(tags),
    )


@st.composite
def endpoints(draw: st.DrawFn, account: AccountId) -> VpcEndpoint:
    identifier = "vpce-" + draw(names)
    return VpcEndpoint(
        id=identifier,
        account=account,
        service=draw(st.sampled_from(["s3", "sts", "s3-global.accesspoint", "com.example.thing"])),
        gateway=draw(flags),
        vpc=draw(some_words),
        policy=draw(st.none() | policies(PolicyKind.ENDPOINT, "VPC endpoint policy", identifier)),
        region=draw(st.none() | regions | some_words),
        tags=draw(tags),
    )


@st.composite
def instances(draw: st.DrawFn, account: AccountId, partition: str) -> Instance:
    profile = Arn(partition, "iam", "", account, f"instance-profile/{draw(names)}")
    named = draw(tags)
    return Instance(
        arn=Arn(partition, "ec2", draw(st.just("") | regions), account, f"instance/i-{draw(names)}"),
        profile=draw(st.none() | st.just(profile)),
        vpc=draw(some_words),
        public=draw(maybe),
        state=draw(some_words),
        name=draw(some_words),
        tags={**named, **draw(st.sampled_from([{}, {"Name": "server"}]))},
    )


@st.composite
def functions(draw: st.DrawFn, account: AccountId, partition: str) -> LambdaFunction:
    arn = Arn(partition, "lambda", draw(regions), account, f"function:{draw(names)}")
    role = Arn(partition, "iam", "", account, f"role/{draw(names)}")
    policy = draw(st.none() | policies(PolicyKind.RESOURCE, "function policy", str(arn)))
    return LambdaFunction(arn, draw(st.none() | st.just(role)), policy)


@st.composite
def task_definitions(draw: st.DrawFn, account: AccountId, partition: str) -> TaskDefinition:
    role = st.none() | st.just(Arn(partition, "iam", "", account, f"role/{draw(names)}"))
    name = f"task-definition/{draw(names)}:{draw(st.integers(1, 9))}"
    arn = Arn(partition, "ecs", draw(regions), account, name)
    return TaskDefinition(arn, draw(role), draw(role), draw(some_words))


@st.composite
def container_services(draw: st.DrawFn, account: AccountId, partition: str) -> ContainerService:
    region = draw(regions)
    runs = Arn(partition, "ecs", region, account, "task-definition/web:1")
    arn = Arn(partition, "ecs", region, account, f"service/main/{draw(names)}")
    return ContainerService(arn, draw(st.none() | st.just(runs)))


@st.composite
def clusters(draw: st.DrawFn, account: AccountId, partition: str) -> Cluster:
    kubernetes = st.builds(ServiceAccount, names, names, some_words)
    listed = one_each(kubernetes, lambda each: (each.namespace, each.name))
    arn = Arn(partition, "eks", draw(regions), account, f"cluster/{draw(names)}")
    return Cluster(arn, draw(st.none() | st.just("oidc.eks.example/id/1")), draw(st.none() | listed))


@st.composite
def pod_identities(draw: st.DrawFn, account: AccountId, partition: str) -> PodIdentity:
    role = st.none() | st.just(Arn(partition, "iam", "", account, f"role/{draw(names)}"))
    arn = Arn(partition, "eks", draw(regions), account, f"podidentityassociation/c/{draw(names)}")
    return PodIdentity(
        *(arn, draw(words), draw(words), draw(words), draw(role), draw(role)),
        tags_sessions=draw(flags),
        external_id=draw(some_words),
    )


@st.composite
def identity_centers(draw: st.DrawFn) -> IdentityCenter:
    """With groups whose members are all known, or none of them; `write` has one file for both."""
    sets = [
        PermissionSet(Arn("aws", "sso", "", "", f"permissionSet/ssoins-1/ps-{number}"), name)
        for number, name in enumerate(draw(st.lists(names, min_size=1, max_size=2)))
    ]
    members = st.lists(names, unique=True, max_size=2).map(lambda each: tuple(sorted(each)))
    known = draw(flags)
    groups = st.builds(WorkforceGroup, names, some_words, members if known else st.none())
    assignments = st.builds(
        Assignment,
        st.sampled_from(IDS),
        st.sampled_from([each.arn for each in sets]),
        st.sampled_from(["USER", "GROUP"]),
        names,
    )
    return IdentityCenter(
        Arn("aws", "sso", "", "", "instance/ssoins-1"),
        tuple(sets),
        draw(one_each(st.builds(WorkforceUser, names, some_words), lambda each: each.id)),
        draw(one_each(groups, lambda each: each.id)),
        tuple(sorted(draw(st.lists(assignments, unique=True, max_size=3)))),
    )


@st.composite
def trust_anchors(draw: st.DrawFn, account: AccountId, partition: str) -> TrustAnchor:
    arn = Arn(partition, "rolesanywhere", draw(regions), account, f"trust-anchor/{draw(names)}")
    return TrustAnchor(arn, draw(some_words), draw(maybe))


@st.composite
def anywhere_profiles(draw: st.DrawFn, account: AccountId, partition: str) -> AnywhereProfile:
    arn = Arn(partition, "rolesanywhere", draw(regions), account, f"profile/{draw(names)}")
    own = draw(st.none() | policies(PolicyKind.SESSION, "session policy", str(arn)))
    roles = (Arn(partition, "iam", "", account, f"role/{draw(names)}"),)
    return AnywhereProfile(
        arn,
        draw(some_words),
        draw(maybe),
        roles if draw(flags) else (),
        None if own is None else (own,),
        accepts_session_name=draw(flags),
    )


@st.composite
def accounts(draw: st.DrawFn, identifier: AccountId) -> Account:
    drawn = AccountDraw(draw, identifier)
    groups = drawn.groups()
    partition = drawn.partition
    profiles = [
        drawn.arn("instance-profile", name) for name in draw(st.lists(names, unique=True, max_size=2))
    ]
    providers = [
        IdentityProvider(drawn.arn("saml-provider", "idp")),
        IdentityProvider(drawn.arn("oidc-provider", "issuer.example/x"), "issuer.example/x", ("a", "b")),
    ]
    of = {"account": identifier, "partition": partition}
    center = draw(st.none() | identity_centers())
    whole = center is None or all(each.members is not None for each in center.groups)
    kinds = [each for each in (*KINDS, *SELDOM, "organization") if whole or each != "identity_center"]
    return Account(
        id=identifier,
        partition=partition,
        name=draw(some_words),
        canonical_id=draw(some_words),
        users=drawn.users(groups),
        groups=groups,
        roles=tuple(drawn.role(name) for name in draw(st.lists(names, unique=True, max_size=2))),
        instance_profiles=tuple(
            InstanceProfile(arn, (drawn.arn("role", "one"),) if draw(flags) else ()) for arn in profiles
        ),
        providers=draw(st.lists(st.sampled_from(providers), unique_by=lambda p: p.arn).map(tuple)),
        buckets=draw(one_each(buckets(**of), lambda b: b.arn)),
        access_points=draw(one_each(access_points(**of), lambda p: p.arn)),
        multi_region_access_points=draw(one_each(multi_region_access_points(**of), lambda p: p.arn)),
        object_lambda_access_points=draw(one_each(object_lambda_access_points(**of), lambda p: p.arn)),
        access_grants_instances=draw(one_each(access_grants_instances(**of), lambda i: i.arn)),
        keys=draw(one_each(keys(**of), lambda k: k.arn)),
        endpoints=draw(one_each(endpoints(identifier), lambda e: e.id)),
        instances=draw(one_each(instances(**of), lambda i: i.arn)),
        functions=draw(one_each(functions(**of), lambda f: f.arn)),
        task_definitions=draw(one_each(task_definitions(**of), lambda t: t.arn)),
        container_services=draw(one_each(container_services(**of), lambda s: s.arn)),
        clusters=draw(one_each(clusters(**of), lambda c: c.arn)),
        pod_identities=draw(one_each(pod_identities(**of), lambda p: p.arn)),
        workloads=draw(one_each(workloads(**of), lambda w: w.arn)),
        identity_center=center,
        trust_anchors=draw(one_each(trust_anchors(**of), lambda a: a.arn)),
        anywhere_profiles=draw(one_each(anywhere_profiles(**of), lambda p: p.arn)),
        public_access_block=draw(st.none() | blocks),
        known=draw(st.frozensets(st.sampled_from(kinds))),
    )


@st.composite
def organizations(draw: st.DrawFn) -> Organization:
    root, ou, lost = "r-ab12", "ou-ab12-one", "ou-ab12-lost"
    documents_by_name = {
        f"arn:aws:organizations::9:policy/o-x/{kind}/p-{n}": draw(documents() | reasons)
        for kind in ("scp", "rcp")
        for n in "12"
    }

    def attached(kind: PolicyKind, word: str, target: str) -> tuple[SomePolicy, ...]:
        chosen = draw(
            st.lists(st.sampled_from([n for n in documents_by_name if f"/{word}/" in n]), unique=True)
        )
        return tuple(
            Policy(kind, name, target, found)
            if isinstance(found, Document)
            else Unread(kind, name, target, found)
            for name in chosen
            if (found := documents_by_name[name]) is not None
        )

    def both(target: str) -> tuple[tuple[SomePolicy, ...], tuple[SomePolicy, ...]]:
        return attached(PolicyKind.SCP, "scp", target), attached(PolicyKind.RCP, "rcp", target)

    units = [
        OrganizationUnit(root, draw(some_words), None, *both(root)),
        OrganizationUnit(ou, draw(some_words), root, *both(ou)),
        OrganizationUnit("ou-ab12-two", draw(some_words), lost, *both("ou-ab12-two")),
    ]
    members = [Member(each, draw(st.sampled_from([root, ou, lost])), *both(each)) for each in IDS]
    kept = tuple(draw(st.lists(st.sampled_from(members), unique_by=lambda m: m.account)))
    return Organization(
        id="o-exampleorg",
        management_account=IDS[0],
        units=tuple(units[: draw(st.integers(0, 3))]) if not kept else tuple(units),
        members=kept,
        scps_enabled=draw(flags),
        rcps_enabled=draw(flags),
        s3_policies=tuple(draw(st.dictionaries(st.sampled_from(IDS), blocks)).items()),
        **draw(delegations()),
    )


@st.composite
def delegations(draw: st.DrawFn) -> dict[str, Any]:
    """Whom the organization lets administer it, as far as it is known."""
    services = st.none() | st.frozensets(names, max_size=2).map(lambda each: tuple(sorted(each)))
    known = draw(st.booleans())
    found = draw(st.none() | documents() | reasons) if known else None
    of = (PolicyKind.RESOURCE, "organization resource policy", "o-exampleorg")
    policy = Unread(*of, found) if isinstance(found, str) else found and Policy(*of, found)
    listed = st.dictionaries(st.sampled_from(IDS), services, max_size=2)
    administrators = listed.map(
        lambda each: tuple(DelegatedAdministrator(account, each[account]) for account in sorted(each))
    )
    return {
        "delegated_administrators": draw(st.none() | administrators),
        "resource_policy": policy,
        "resource_policy_known": known,
    }


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    chosen = draw(st.lists(st.sampled_from(IDS), unique=True, max_size=2))
    gaps = st.builds(Gap, names, names, st.lists(names, max_size=2).map(lambda a: tuple(sorted(a))))
    return Snapshot(
        accounts=tuple(draw(accounts(each)) for each in chosen),
        organizations=tuple(draw(st.lists(organizations(), max_size=1))),
        gaps=tuple(draw(st.lists(gaps, max_size=2))),
        known_accounts=tuple(sorted(draw(st.dictionaries(st.sampled_from(IDS), words, max_size=2)).items())),
    )
