"""Writes this sample, the same bytes each time: `python -m samples.organization.generate [FOLDER]`.

FOLDER is where to write; without it, beside this script. README.md tells the story, the guardrails, and the
deliberate mistakes, which are marked here with `MISTAKE` and the number that README gives them.
"""

from __future__ import annotations

from pathfinder.aws.arn import AccountId
from pathfinder.model.organization import Member, Organization, OrganizationUnit, Snapshot
from pathfinder.model.resources import ObjectOwnership, PublicAccessBlock
from pathfinder.policy.document import Policy, PolicyKind
from samples.organization.building import (
    ALL_USERS,
    BLOCK_NOTHING,
    REGION,
    Filling,
    Json,
    allow,
    deny,
    hexadecimal,
    may_assume,
    objects,
    only_tls,
    policy,
    random_for,
    read,
    statement,
    trusts,
    whole,
    write,
)
from samples.writing import folder_given, write_beside

ORGANIZATION = "o-acme4c0rp7x"
OUR_PRINCIPALS: Json = {"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}}
GITHUB = "token.actions.githubusercontent.com"
OFFICE = "198.51.100.0/24"
VENDOR = "504938172250"
"""A supplier outside the organization, of whose account the snapshot holds nothing."""
BANK = "615049281361"
"""Another one."""

MANAGEMENT = Filling(AccountId("104729385610"), "management")
LOG_ARCHIVE = Filling(AccountId("211849203377"), "log-archive")
AUDIT = Filling(AccountId("318570264419"), "security-audit")
NETWORK = Filling(AccountId("402913857746"), "network")
SHARED = Filling(AccountId("519368027751"), "shared-services")
PAYMENTS = Filling(AccountId("623847105592"), "payments-prod")
WEB = Filling(AccountId("735102948863"), "web-prod", public_access_block=BLOCK_NOTHING)
LAKE = Filling(AccountId("847261930054"), "data-lake")
PAYMENTS_DEV = Filling(AccountId("958374016625"), "payments-dev", public_access_block=BLOCK_NOTHING)
SCIENCE = Filling(AccountId("160492738816"), "data-science")
SANDBOX = Filling(AccountId("271605849927"), "sandbox-team-a", public_access_block=None)
SHOP = Filling(AccountId("382716950038"), "legacy-shop", public_access_block=None)
STARTUP = Filling(
    AccountId("493827061149"), "acquired-startup", public_access_block=None, in_organization=False
)

MEMBERS = (LOG_ARCHIVE, AUDIT, NETWORK, SHARED, PAYMENTS, WEB, LAKE, PAYMENTS_DEV, SCIENCE, SANDBOX, SHOP)
EVERYONE = (MANAGEMENT, *MEMBERS, STARTUP)


def unit_id(name: str) -> str:
    return f"ou-ac3m-{hexadecimal(f'ou:{name}', 8)}"


ROOT = "r-ac3m"
SECURITY, INFRASTRUCTURE, WORKLOADS, PROD, NON_PROD, SANDBOXES, SUSPENDED = map(
    unit_id, ("Security", "Infrastructure", "Workloads", "Prod", "NonProd", "Sandbox", "Suspended")
)
PARENT = {
    MANAGEMENT.id: ROOT,
    LOG_ARCHIVE.id: SECURITY,
    AUDIT.id: SECURITY,
    NETWORK.id: INFRASTRUCTURE,
    SHARED.id: INFRASTRUCTURE,
    PAYMENTS.id: PROD,
    WEB.id: PROD,
    LAKE.id: PROD,
    PAYMENTS_DEV.id: NON_PROD,
    SCIENCE.id: NON_PROD,
    SANDBOX.id: SANDBOXES,
    SHOP.id: SUSPENDED,
}


def use_keys(account: Filling) -> Json:
    """Read and write what is encrypted with the account's own KMS keys, as far as these agree."""
    return allow(["kms:Decrypt", "kms:GenerateDataKey"], f"arn:aws:kms:{REGION}:{account.id}:key/*")


def role_in(account: Filling, name: str) -> str:
    return account.iam("role", name)


# ---------------------------------------------------------------- what every account has


def single_sign_on(
    account: Filling, permission_set: str, *policies: object, boundary: str | None = None
) -> str:
    """The role that IAM Identity Center keeps in an account for a permission set."""
    provider = account.iam("saml-provider", f"AWSSSO_{hexadecimal('sso', 16)}_DO_NOT_DELETE")
    if all(str(each.arn) != provider for each in account.providers):
        account.provider("saml", provider.rsplit("/", 1)[-1])
    return account.role(
        f"AWSReservedSSO_{permission_set}_{hexadecimal(f'sso:{permission_set}:{account.id}', 16)}",
        trusts(
            provider,
            actions=["sts:AssumeRoleWithSAML", "sts:TagSession"],
            condition={"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
        ),
        *policies,
        path=f"/aws-reserved/sso.amazonaws.com/{REGION}/",
        boundary=boundary,
    )


AUDITOR = (
    "AwsSSOInlinePolicy",
    [
        allow(
            [
                "s3:GetBucketAcl",
                "s3:GetBucketPolicy",
                "s3:GetBucketPublicAccessBlock",
                "s3:GetEncryptionConfiguration",
                "s3:ListAllMyBuckets",
                "iam:Get*",
                "iam:List*",
            ],
            "*",
            "ConfigurationButNoData",
        )
    ],
)


def baseline(account: Filling) -> None:
    """Roles that the landing zone puts into each account of the organization."""
    account.role(
        "AWSServiceRoleForOrganizations",
        trusts("organizations.amazonaws.com"),
        "AWSOrganizationsServiceTrustPolicy",
        path="/aws-service-role/organizations.amazonaws.com/",
        last_used=False,
    )
    single_sign_on(account, "AdministratorAccess", "AdministratorAccess")
    single_sign_on(account, "Auditor", AUDITOR)
    if account is MANAGEMENT:
        return
    account.role(
        "OrganizationAccountAccessRole", trusts(MANAGEMENT.iam("root", "", "")), "AdministratorAccess"
    )
    account.role(
        "AcmeSecurityAudit",
        trusts(role_in(AUDIT, "SecurityAuditor"), condition=OUR_PRINCIPALS),
        ("audit", AUDITOR[1]),
        tags={"owner": "security"},
    )


def small_function(account: Filling, name: str, bucket: str, *, writes: bool = True) -> None:
    """A Lambda function with a role of its own that works below one prefix of a bucket."""
    prefix = f"{name}/"
    work = [*read(bucket, prefix), *(write(bucket, prefix) if writes else [])]
    role = account.role(
        f"{name}-lambda",
        trusts("lambda.amazonaws.com"),
        "AWSLambdaBasicExecutionRole",
        ("work", work),
        path="/service-role/",
        tags={"cost-center": str(random_for(name).randint(1000, 1999))},
    )
    account.function(name, role)


# ---------------------------------------------------------------- accounts, one after the other


def management() -> None:
    bucket = "acme-billing-reports"
    MANAGEMENT.group("BreakGlass", "AdministratorAccess")
    for name in ("break-glass-1", "break-glass-2"):
        MANAGEMENT.user(name, groups=(MANAGEMENT.iam("group", "BreakGlass"),), password=True, mfa=True)
    single_sign_on(MANAGEMENT, "Billing", ("AwsSSOInlinePolicy", read(bucket)))
    small_function(MANAGEMENT, "cost-report", bucket)
    MANAGEMENT.bucket(
        bucket,
        only_tls(bucket),
        allow(
            "s3:PutObject",
            objects(bucket),
            "BillingDelivery",
            principal={"Service": "billingreports.amazonaws.com"},
            condition={
                "StringEquals": {
                    "aws:SourceAccount": MANAGEMENT.id,
                    "aws:SourceArn": f"arn:aws:cur:us-east-1:{MANAGEMENT.id}:definition/acme",
                }
            },
        ),
    )


def delivery(bucket: str, service: str, condition: Json, prefix: str = "AWSLogs/") -> Json:
    return allow(
        "s3:PutObject",
        objects(bucket, prefix),
        "Delivery",
        principal={"Service": service},
        condition=condition,
    )


def log_archive() -> None:
    trail, config, flow = "acme-org-cloudtrail", "acme-org-config", "acme-vpc-flow-logs"
    balancer, access = "acme-alb-access-logs", "acme-s3-access-logs"
    ours: Json = {"StringEquals": {"aws:SourceOrgID": ORGANIZATION}}
    queries = role_in(AUDIT, "log-query-lambda")
    LOG_ARCHIVE.bucket(
        trail,
        only_tls(trail),
        delivery(
            trail,
            "cloudtrail.amazonaws.com",
            {
                "StringEquals": {
                    "aws:SourceArn": f"arn:aws:cloudtrail:{REGION}:{MANAGEMENT.id}:trail/acme",
                    "s3:x-amz-acl": "bucket-owner-full-control",
                }
            },
        ),
        allow("s3:GetObject", objects(trail, "AWSLogs/"), "Queries", principal={"AWS": queries}),
        allow("s3:ListBucket", f"arn:aws:s3:::{trail}", "QueriesList", principal={"AWS": queries}),
        versioned=True,
    )
    LOG_ARCHIVE.bucket(
        config, only_tls(config), delivery(config, "config.amazonaws.com", ours), versioned=True
    )
    LOG_ARCHIVE.bucket(flow, only_tls(flow), delivery(flow, "delivery.logs.amazonaws.com", ours))
    LOG_ARCHIVE.bucket(
        balancer,
        only_tls(balancer),
        delivery(balancer, "logdelivery.elasticloadbalancing.amazonaws.com", ours),
    )
    LOG_ARCHIVE.bucket(
        access,
        delivery(
            access,
            "logging.s3.amazonaws.com",
            {"StringEquals": {"aws:SourceAccount": [PAYMENTS.id, WEB.id]}},
            "",
        ),
    )
    LOG_ARCHIVE.role(
        "LogReader",
        trusts(
            role_in(AUDIT, "SecurityAuditor"), role_in(AUDIT, "IncidentResponder"), condition=OUR_PRINCIPALS
        ),
        ("read-logs", [*read(trail), *read(config), *read(flow)]),
    )
    LOG_ARCHIVE.role(
        "LogArchiveAdmin",
        trusts(AUDIT.iam("root", "", ""), condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
        ("administer-logs", [allow("s3:*", [*whole(trail), *whole(config), *whole(flow)])]),
        tags={"owner": "security"},
    )
    LOG_ARCHIVE.role(
        "s3-replication",
        trusts("s3.amazonaws.com", condition={"StringEquals": {"aws:SourceAccount": LOG_ARCHIVE.id}}),
        (
            "replicate",
            [
                allow(["s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"], objects(trail)),
                allow(
                    ["s3:ReplicateObject", "s3:ReplicateTags"], objects("acme-forensics-evidence", "replica/")
                ),
            ],
        ),
        path="/service-role/",
    )
    small_function(LOG_ARCHIVE, "log-indexer", flow)
    small_function(LOG_ARCHIVE, "log-lifecycle-report", config)


def security_audit() -> None:
    findings, evidence, guard_duty = (
        "acme-security-findings",
        "acme-forensics-evidence",
        "acme-guardduty-exports",
    )
    engineer = single_sign_on(
        AUDIT,
        "SecurityEngineer",
        (
            "AwsSSOInlinePolicy",
            [
                may_assume(role_in(AUDIT, "SecurityAuditor"), role_in(AUDIT, "IncidentResponder")),
                *read(findings),
            ],
        ),
    )
    AUDIT.role(
        "SecurityAuditor",
        trusts(engineer),
        (
            "audit-everywhere",
            [may_assume("arn:aws:iam::*:role/AcmeSecurityAudit", role_in(LOG_ARCHIVE, "LogReader"))],
        ),
    )
    AUDIT.role(
        "IncidentResponder",
        trusts(engineer),
        (
            "respond",
            [
                may_assume("arn:aws:iam::*:role/AcmeIncidentResponse", role_in(LOG_ARCHIVE, "LogReader")),
                *read(evidence),
                *write(evidence, "cases/"),
                use_keys(AUDIT),
            ],
        ),
        tags={"owner": "security"},
    )
    query = AUDIT.role(
        "log-query-lambda",
        trusts("lambda.amazonaws.com"),
        "AWSLambdaBasicExecutionRole",
        ("query", read("acme-org-cloudtrail", "AWSLogs/")),
    )
    AUDIT.function("log-query", query)
    AUDIT.group(
        "Forensics",
        (
            "on-call",
            [
                may_assume(role_in(LOG_ARCHIVE, "LogArchiveAdmin")),
                *read(evidence),
                use_keys(AUDIT),
            ],
        ),
    )
    AUDIT.user(
        "forensics-oncall",
        groups=(AUDIT.iam("group", "Forensics"),),
        keys=1,
        password=True,
        mfa=True,
        path="/people/",
    )
    small_function(AUDIT, "findings-collector", findings)
    small_function(AUDIT, "findings-digest", findings, writes=False)
    key = AUDIT.key(
        "forensics",
        [
            allow("kms:*", "*", "Account", principal={"AWS": AUDIT.iam("root", "", "")}),
            deny(
                "kms:Decrypt",
                "*",
                "OnlyForensics",
                principal="*",
                condition={
                    "ArnNotEquals": {
                        "aws:PrincipalArn": [
                            role_in(AUDIT, "IncidentResponder"),
                            AUDIT.iam("user", "forensics-oncall", "/people/"),
                        ]
                    }
                },
            ),
        ],
    )
    AUDIT.bucket(findings, only_tls(findings))
    AUDIT.bucket(
        evidence,
        only_tls(evidence),
        deny(
            ["s3:GetObject*", "s3:PutObject*"],
            objects(evidence),
            "OnlyForensicsOrReplication",
            principal="*",
            condition={
                "ArnNotEquals": {
                    "aws:PrincipalArn": [
                        role_in(AUDIT, "IncidentResponder"),
                        AUDIT.iam("user", "forensics-oncall", "/people/"),
                        LOG_ARCHIVE.iam("role", "s3-replication", "/service-role/"),
                    ]
                }
            },
        ),
        allow(
            ["s3:ReplicateObject", "s3:ReplicateTags"],
            objects(evidence, "replica/"),
            "ReplicationFromLogArchive",
            principal={"AWS": LOG_ARCHIVE.iam("role", "s3-replication", "/service-role/")},
        ),
        key=key,
        versioned=True,
    )
    AUDIT.bucket(
        guard_duty,
        only_tls(guard_duty),
        delivery(guard_duty, "guardduty.amazonaws.com", {"StringEquals": {"aws:SourceOrgID": ORGANIZATION}}),
    )


def network() -> None:
    dns, firewall = "acme-network-dns-logs", "acme-network-firewall-exports"
    single_sign_on(NETWORK, "NetworkAdmin", ("AwsSSOInlinePolicy", [allow("ec2:*", "*"), *read(dns)]))
    NETWORK.role(
        "flow-log-publisher",
        trusts("vpc-flow-logs.amazonaws.com"),
        ("publish", [allow(["logs:CreateLogStream", "logs:PutLogEvents"], "*")]),
    )
    small_function(NETWORK, "dns-log-exporter", dns)
    small_function(NETWORK, "transit-gateway-automation", dns, writes=False)
    small_function(NETWORK, "firewall-rule-sync", firewall)
    NETWORK.interface("sts", [statement("Allow", "sts:*", "*", principal="*", condition=OUR_PRINCIPALS)])
    NETWORK.gateway([statement("Allow", "s3:*", "*", principal="*", condition=OUR_PRINCIPALS)])
    NETWORK.bucket(
        dns,
        only_tls(dns),
        delivery(dns, "delivery.logs.amazonaws.com", {"StringEquals": {"aws:SourceAccount": NETWORK.id}}),
    )
    # The one intended gap: the collector was refused this bucket's policy.
    NETWORK.bucket(firewall, policy_unread="AccessDenied")


def github(repository: str, *, like: bool = False) -> list[Json]:
    audience: Json = {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}}
    if like:
        audience["StringLike"] = {f"{GITHUB}:sub": repository}
    else:
        audience["StringEquals"] = {f"{GITHUB}:aud": "sts.amazonaws.com", f"{GITHUB}:sub": repository}
    return trusts(
        SHARED.iam("oidc-provider", GITHUB), actions="sts:AssumeRoleWithWebIdentity", condition=audience
    )


def shared_services() -> None:
    artifacts, state, inventory, images = (
        "acme-ci-artifacts",
        "acme-terraform-state",
        "acme-container-sbom",
        "acme-golden-images",
    )
    SHARED.provider("oidc", GITHUB, ("sts.amazonaws.com",))
    deploy = [may_assume("arn:aws:iam::*:role/DeployRole")]
    SHARED.role(
        "GitHubActionsDeploy",
        github("repo:acme/web:ref:refs/heads/main"),
        ("deploy", [*deploy, *read(artifacts), *write(artifacts, "web/")]),
    )
    SHARED.role(
        "GitHubActionsTerraform",
        github("repo:acme/infrastructure:environment:production"),
        ("apply", [*deploy, *read(state), *write(state)]),
    )
    # MISTAKE 1: the star also matches the GitHub organizations acme-evil, acmeX, ...
    SHARED.role(
        "GitHubActionsLegacy",
        github("repo:acme*:*", like=True),
        ("build", [*read(artifacts), *write(artifacts)]),
        last_used=False,
    )
    # MISTAKE 2: the whole sandbox account may become the CI runner, and the runner may deploy everywhere.
    runner = SHARED.role(
        "ci-runner",
        [*trusts("ec2.amazonaws.com"), *trusts(SANDBOX.iam("root", "", ""))],
        ("run", [*deploy, *read(artifacts), *write(artifacts)]),
        tags={"owner": "platform"},
    )
    SHARED.instance("ci-runner-1", runner)
    SHARED.instance("ci-runner-2", runner)
    builder = SHARED.role(
        "image-builder", trusts("ec2.amazonaws.com"), ("build", [*read(artifacts), *write(images)])
    )
    SHARED.instance("image-builder", builder)
    SHARED.role(
        "artifact-publisher",
        trusts("codebuild.amazonaws.com", condition={"StringEquals": {"aws:SourceAccount": SHARED.id}}),
        ("publish", [*write(artifacts), *write(inventory)]),
    )
    # MISTAKE 3: a key of 2021 that is still active, on a user who may write what all others deploy.
    SHARED.user(
        "jenkins",
        ("build", [*read(artifacts), *write(artifacts)]),
        keys=1,
        inactive_keys=1,
        key_years=(2021, 2021),
        path="/ci/",
    )
    SHARED.user("renovate-bot", ("read", read(artifacts)), inactive_keys=1, path="/ci/")
    # Right: a supplier with an external id. Compare MISTAKE 4 in data_lake().
    SHARED.role(
        "VendorMonitor",
        trusts(
            f"arn:aws:iam::{VENDOR}:root",
            condition={"StringEquals": {"sts:ExternalId": f"acme-{hexadecimal('external id', 12)}"}},
        ),
        ("monitor", [allow(["cloudwatch:Get*", "cloudwatch:List*"], "*"), *read(inventory)]),
    )
    small_function(SHARED, "artifact-cleaner", artifacts)
    small_function(SHARED, "sbom-scanner", inventory)
    # MISTAKE 14: in the bucket's own account, "*" needs no identity-based policy. So each role there reads,
    # the supplier's VendorMonitor included.
    SHARED.bucket(
        artifacts,
        only_tls(artifacts),
        allow("s3:GetObject", objects(artifacts), "OurAccountsRead", principal="*", condition=OUR_PRINCIPALS),
        versioned=True,
    )
    SHARED.bucket(
        state,
        only_tls(state),
        deny(
            "s3:*",
            whole(state),
            "OnlyTerraform",
            principal="*",
            condition={
                "ArnNotLike": {
                    "aws:PrincipalArn": [
                        role_in(SHARED, "GitHubActionsTerraform"),
                        "arn:aws:iam::*:role/OrganizationAccountAccessRole",
                    ]
                }
            },
        ),
        versioned=True,
    )
    SHARED.bucket(inventory, only_tls(inventory))
    SHARED.bucket(
        images,
        only_tls(images),
        allow(
            "s3:GetObject",
            objects(images),
            "WorkloadsRead",
            principal={"AWS": [PAYMENTS.id, WEB.id, LAKE.id]},
        ),
    )


DEPLOYERS = ("GitHubActionsDeploy", "GitHubActionsTerraform", "ci-runner")


def deploy_role(account: Filling, boundary: list[Json], work: list[Json]) -> None:
    account.customer_managed["DeployBoundary"] = boundary
    account.role(
        "DeployRole",
        trusts(*(role_in(SHARED, each) for each in DEPLOYERS)),
        ("deploy", work),
        boundary="DeployBoundary",
        tags={"owner": "platform"},
    )


def incident_response(account: Filling, *buckets: str) -> None:
    account.role(
        "AcmeIncidentResponse",
        trusts(role_in(AUDIT, "IncidentResponder"), condition=OUR_PRINCIPALS),
        ("respond", [each for bucket in buckets for each in read(bucket)]),
    )


def payments_prod() -> None:
    cardholder, reports = "acme-payments-cardholder", "acme-payments-reports"
    settlement, backups = "acme-payments-settlement", "acme-payments-backups"
    PAYMENTS.gateway([statement("Allow", "s3:*", "*", principal="*", condition=OUR_PRINCIPALS)])
    api = PAYMENTS.role(
        "payments-api",
        trusts("ecs-tasks.amazonaws.com", condition={"StringEquals": {"aws:SourceAccount": PAYMENTS.id}}),
        "AmazonECSTaskExecutionRolePolicy",
        (
            "call-keys",
            [use_keys(PAYMENTS)],
        ),
    )
    PAYMENTS.role(
        "payments-support",
        trusts(single_sign_on(PAYMENTS, "Support", ("AwsSSOInlinePolicy", read(reports)))),
        (
            "look-up",
            [allow("s3:Get*", objects(cardholder)), allow("s3:ListBucket*", f"arn:aws:s3:::{cardholder}")],
        ),
    )
    backup = PAYMENTS.role(
        "payments-backup",
        trusts("backup.amazonaws.com"),
        ("back-up", [*read(cardholder), *read(backups), *write(backups)]),
        path="/service-role/",
    )
    bastion = PAYMENTS.role("bastion", trusts("ec2.amazonaws.com"), ("read-reports", read(reports)))
    PAYMENTS.instance("bastion", bastion)
    deploy_role(
        PAYMENTS,
        [allow(["s3:Get*", "s3:List*", "s3:PutObject", "cloudformation:*", "ecs:*"], "*")],
        [
            allow(["cloudformation:*", "ecs:*"], "*"),
            allow(["s3:GetObject", "s3:ListBucket", "s3:PutObject", "s3:DeleteObject"], whole(settlement)),
        ],
    )
    incident_response(PAYMENTS, cardholder, reports)
    PAYMENTS.customer_managed["BatchBoundary"] = [allow("s3:GetObject", objects(settlement))]
    PAYMENTS.user(
        "legacy-batch",
        "AmazonS3FullAccess",
        keys=1,
        boundary="BatchBoundary",
        path="/batch/",
        tags={"since": "2019"},
    )
    for name, bucket in (
        ("settlement-job", settlement),
        ("report-writer", reports),
        ("chargeback-import", settlement),
        ("fraud-scoring", reports),
    ):
        small_function(PAYMENTS, name, bucket)
    key = PAYMENTS.key(
        "cardholder",
        [
            allow("kms:*", "*", "Account", principal={"AWS": PAYMENTS.iam("root", "", "")}),
            allow(
                ["kms:Decrypt", "kms:GenerateDataKey"],
                "*",
                "ThroughS3",
                principal={"AWS": "*"},
                condition={
                    "StringEquals": {
                        "kms:CallerAccount": PAYMENTS.id,
                        "kms:ViaService": f"s3.{REGION}.amazonaws.com",
                    }
                },
            ),
        ],
    )
    PAYMENTS.bucket(
        cardholder,
        only_tls(cardholder),
        # MISTAKE 5: GetObjectVersion is another action, so old versions can be read from anywhere.
        deny(
            "s3:GetObject",
            objects(cardholder),
            "OnlyThroughOurEndpoint",
            principal="*",
            condition={"StringNotEquals": {"aws:SourceVpce": PAYMENTS.endpoint}},
        ),
        allow(["s3:GetObject", "s3:PutObject"], objects(cardholder), "Api", principal={"AWS": api}),
        key=key,
        versioned=True,
        tags={"data": "cardholder"},
    )
    PAYMENTS.bucket(
        reports,
        only_tls(reports),
        allow(
            "s3:GetObject",
            objects(reports, "daily/"),
            "LakeReads",
            principal={"AWS": LAKE.iam("root", "", "")},
        ),
        allow(
            "s3:ListBucket",
            f"arn:aws:s3:::{reports}",
            "LakeLists",
            principal={"AWS": LAKE.iam("root", "", "")},
            condition={"StringLike": {"s3:prefix": "daily/*"}},
        ),
    )
    PAYMENTS.bucket(
        settlement,
        only_tls(settlement),
        # Closed by the RCP of the Workloads OU: the bank is not in the organization.
        allow(
            "s3:PutObject",
            objects(settlement, "bank/"),
            "BankDelivers",
            principal={"AWS": f"arn:aws:iam::{BANK}:root"},
            condition={"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}},
        ),
    )
    PAYMENTS.bucket(
        backups,
        only_tls(backups),
        deny(
            "s3:*",
            whole(backups),
            "OnlyBackup",
            principal="*",
            condition={"ArnNotEquals": {"aws:PrincipalArn": backup}},
        ),
        versioned=True,
    )


def payments_dev() -> None:
    fixtures, uploads = "acme-payments-dev-fixtures", "acme-payments-dev-uploads"
    PAYMENTS_DEV.customer_managed["DeveloperBoundary"] = [
        allow("*", "*"),
        deny(["s3:DeleteBucket", "s3:PutBucketPolicy", "iam:*", "kms:ScheduleKeyDeletion"], "*"),
    ]
    single_sign_on(PAYMENTS_DEV, "Developer", "PowerUserAccess", boundary="DeveloperBoundary")
    api = PAYMENTS_DEV.role(
        "payments-api-dev", trusts("ecs-tasks.amazonaws.com"), ("work", [*read(fixtures), *write(uploads)])
    )
    deploy_role(
        PAYMENTS_DEV,
        [allow(["s3:*", "cloudformation:*", "ecs:*"], "*")],
        [allow("s3:*", [*whole(fixtures), *whole(uploads)]), allow(["cloudformation:*", "ecs:*"], "*")],
    )
    PAYMENTS_DEV.group(
        "Contractors",
        (
            "only-with-mfa",
            [
                deny(
                    None,
                    "*",
                    "NothingWithoutMfa",
                    not_action=["iam:*MFA*", "sts:GetSessionToken"],
                    condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
                ),
                *read(fixtures),
            ],
        ),
    )
    for name in ("contractor-hana", "contractor-luis"):
        PAYMENTS_DEV.user(
            name,
            groups=(PAYMENTS_DEV.iam("group", "Contractors"),),
            keys=1,
            mfa=True,
            path="/contractors/",
            tags={"company": "Ünal Søn"},
        )
    small_function(PAYMENTS_DEV, "fixture-loader", fixtures)
    small_function(PAYMENTS_DEV, "upload-checker", uploads)
    PAYMENTS_DEV.bucket(
        fixtures,
        only_tls(fixtures),
        # Not public in AWS's sense, and the RCP of the Workloads OU stops strangers from the office as well.
        allow(
            "s3:GetObject",
            objects(fixtures),
            "Office",
            principal="*",
            condition={"IpAddress": {"aws:SourceIp": OFFICE}},
        ),
        block=BLOCK_NOTHING,
    )
    PAYMENTS_DEV.bucket(
        uploads,
        only_tls(uploads),
        allow(["s3:GetObject", "s3:DeleteObject"], objects(uploads), "Api", principal={"AWS": api}),
    )


def web_prod() -> None:
    public, origin = "acme-web-public-assets", "acme-web-static-origin"
    uploads, logs = "acme-web-user-uploads", "acme-web-cdn-logs"
    frontend = WEB.role(
        "web-frontend",
        trusts("ecs-tasks.amazonaws.com"),
        "AmazonECSTaskExecutionRolePolicy",
        ("work", [*read(uploads), *write(uploads)]),
    )
    # MISTAKE 6: an instance that faces the internet, with all of S3 in the account.
    legacy = WEB.role(
        "web-legacy", trusts("ec2.amazonaws.com"), ("everything", [allow("s3:*", "arn:aws:s3:::acme-web-*")])
    )
    WEB.instance("web-legacy-1", legacy, public=True)
    WEB.instance("web-legacy-2", legacy, public=True)
    deploy_role(
        WEB,
        [allow(["s3:GetObject", "s3:ListBucket", "s3:PutObject", "cloudformation:*", "ecs:*"], "*")],
        [
            allow("s3:*", [*whole(public), *whole(origin)]),
            allow(["cloudformation:*", "ecs:*"], "*"),
        ],
    )
    incident_response(WEB, uploads, logs)
    for name, bucket in (
        ("thumbnailer", uploads),
        ("virus-scan", uploads),
        ("cdn-log-parser", logs),
        ("sitemap-writer", public),
    ):
        small_function(WEB, name, bucket)
    WEB.bucket(
        public,
        allow("s3:GetObject", objects(public), "WorldReads", principal="*"),
        block=BLOCK_NOTHING,
        tags={"data": "public"},
    )
    WEB.bucket(
        origin,
        only_tls(origin),
        allow(
            "s3:GetObject",
            objects(origin),
            "CloudFront",
            principal={"Service": "cloudfront.amazonaws.com"},
            condition={
                "StringEquals": {"aws:SourceArn": f"arn:aws:cloudfront::{WEB.id}:distribution/E2EXAMPLE1ACME"}
            },
        ),
    )
    WEB.bucket(
        uploads,
        only_tls(uploads),
        allow(["s3:GetObject", "s3:PutObject"], objects(uploads), "Frontend", principal={"AWS": frontend}),
    )
    WEB.bucket(logs, only_tls(logs), block=BLOCK_NOTHING)


def data_lake() -> None:
    raw, curated, restricted = "acme-lake-raw", "acme-lake-curated", "acme-lake-restricted"
    exports, results = "acme-lake-exports", "acme-lake-athena-results"
    LAKE.gateway([statement("Allow", "s3:*", "*", principal="*", condition=OUR_PRINCIPALS)])
    LAKE.interface("s3", [statement("Allow", "s3:*", "*", principal="*", condition=OUR_PRINCIPALS)])
    broker = LAKE.role(
        "LakeBroker",
        trusts(role_in(SCIENCE, "sagemaker-notebook"), role_in(SCIENCE, "feature-builder")),
        (
            "broker",
            [may_assume(role_in(LAKE, "lake-curated-reader"), role_in(LAKE, "lake-restricted-reader"))],
        ),
        tags={"clearance": "internal"},
    )
    LAKE.role("lake-curated-reader", trusts(broker), ("read", read(curated)))
    # Looks open, is closed: the broker's sessions have the tag clearance=internal.
    LAKE.role(
        "lake-restricted-reader",
        trusts(broker, condition={"StringEquals": {"aws:PrincipalTag/clearance": "restricted"}}),
        ("read", read(restricted)),
    )
    # MISTAKE 7: meant for acme-lake-raw, but the star also matches acme-lake-restricted.
    LAKE.role(
        "raw-loader",
        trusts("glue.amazonaws.com"),
        (
            "load",
            [
                allow(["s3:GetObject", "s3:PutObject", "s3:ListBucket"], "arn:aws:s3:::acme-lake-r*"),
                use_keys(LAKE),
            ],
        ),
        path="/service-role/",
    )
    LAKE.role(
        "glue-etl",
        trusts("glue.amazonaws.com"),
        ("etl", [*read(raw), *write(curated)]),
        path="/service-role/",
    )
    LAKE.role(
        "report-puller",
        trusts("glue.amazonaws.com"),
        ("pull", [*read("acme-payments-reports", "daily/"), *write(raw, "payments/")]),
        path="/service-role/",
    )
    LAKE.role(
        "athena-analyst",
        trusts(
            single_sign_on(
                LAKE,
                "DataAnalyst",
                ("AwsSSOInlinePolicy", [may_assume(role_in(LAKE, "athena-analyst")), *read(results)]),
            )
        ),
        ("query", [*read(curated), *read(results), *write(results)]),
    )
    # MISTAKE 4: any principal of the supplier's account, and no external id.
    LAKE.role(
        "VendorImport",
        trusts(f"arn:aws:iam::{VENDOR}:root"),
        ("import", [*read(exports, "vendor/"), *write(raw, "vendor/")]),
    )
    LAKE.role(
        "replication-to-archive",
        trusts("s3.amazonaws.com"),
        ("replicate", [allow("s3:GetObjectVersionForReplication", objects(curated))]),
        path="/service-role/",
    )
    incident_response(LAKE, raw, curated)
    for name, bucket in (
        ("partition-indexer", curated),
        ("schema-registry", raw),
        ("export-builder", exports),
        ("result-cleaner", results),
    ):
        small_function(LAKE, name, bucket)
    key = LAKE.key(
        "restricted",
        [
            allow("kms:*", "*", "Account", principal={"AWS": LAKE.iam("root", "", "")}),
            allow(
                "kms:Decrypt",
                "*",
                "Reader",
                principal={"AWS": role_in(LAKE, "lake-restricted-reader")},
            ),
        ],
    )
    LAKE.bucket(
        raw,
        only_tls(raw),
        allow(
            "s3:PutObject",
            objects(raw, "incoming/${aws:PrincipalAccount}/"),
            "EachAccountDeliversToItsOwnPrefix",
            principal="*",
            condition=OUR_PRINCIPALS,
        ),
    )
    LAKE.bucket(
        curated,
        only_tls(curated),
        allow(
            "s3:GetObject",
            objects(curated),
            "LakeReadersOfOurOrganization",
            principal="*",
            condition={
                "StringEquals": {"aws:PrincipalOrgID": ORGANIZATION},
                "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*lake-reader"},
            },
        ),
        versioned=True,
    )
    LAKE.bucket(
        restricted,
        only_tls(restricted),
        deny(
            ["s3:GetObject*", "s3:PutObject*"],
            objects(restricted),
            "OnlyThroughOurEndpoint",
            principal="*",
            condition={"StringNotEquals": {"aws:SourceVpce": LAKE.endpoint}},
        ),
        key=key,
        tags={"data": "restricted"},
    )
    LAKE.bucket(
        exports,
        only_tls(exports),
        allow(
            "s3:GetObject",
            objects(exports, "vendor/"),
            "VendorReads",
            principal={"AWS": f"arn:aws:iam::{VENDOR}:root"},
        ),
        # A deleted role: AWS shows its unique id, and the statement matches nobody.
        allow("s3:PutObject", objects(exports), "OldPublisher", principal={"AWS": "AROAIX3EXAMPLE7DELETE"}),
    )
    LAKE.bucket(results, only_tls(results))


def data_science() -> None:
    notebooks, models, scratch = "acme-ds-notebooks", "acme-ds-models", "acme-ds-scratch"
    cluster = f"oidc.eks.{REGION}.amazonaws.com/id/{hexadecimal('eks', 32).upper()}"
    SCIENCE.gateway()
    broker = may_assume(role_in(LAKE, "LakeBroker"))
    SCIENCE.role(
        "sagemaker-notebook",
        trusts("sagemaker.amazonaws.com"),
        # The last statement gives nothing: the SCP that keeps data inside holds here. Compare MISTAKE 13.
        (
            "work",
            [broker, *read(notebooks), *write(notebooks), *write("startup-backups", "from-acme/")],
        ),
    )
    features = SCIENCE.role(
        "feature-builder",
        trusts("lambda.amazonaws.com"),
        "AWSLambdaBasicExecutionRole",
        ("work", [broker, *write(scratch, "features/")]),
    )
    SCIENCE.function("feature-builder", features)
    SCIENCE.role(
        "ml-training",
        trusts("sagemaker.amazonaws.com"),
        ("train", [*read(scratch), *read(models), *write(models)]),
    )
    SCIENCE.role("model-server", trusts("ecs-tasks.amazonaws.com"), ("serve", read(models)))
    SCIENCE.provider("oidc", cluster, ("sts.amazonaws.com",))
    SCIENCE.role(
        "airflow-lake-reader",
        trusts(
            SCIENCE.iam("oidc-provider", cluster),
            actions="sts:AssumeRoleWithWebIdentity",
            condition={
                "StringEquals": {
                    f"{cluster}:aud": "sts.amazonaws.com",
                    f"{cluster}:sub": "system:serviceaccount:airflow:worker",
                }
            },
        ),
        ("read-lake", read("acme-lake-curated")),
    )
    SCIENCE.provider("saml", "ADFS")
    for name, work in (
        ("ADFS-DataAnalyst", read(notebooks)),
        ("ADFS-DataScientist", [*read(notebooks), *write(notebooks), *read(models)]),
    ):
        SCIENCE.role(
            name,
            trusts(
                SCIENCE.iam("saml-provider", "ADFS"),
                actions="sts:AssumeRoleWithSAML",
                condition={"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
            ),
            ("work", work),
        )
    SCIENCE.customer_managed["DeveloperBoundary"] = [
        allow("*", "*"),
        deny(["s3:DeleteBucket", "s3:PutBucketPolicy", "iam:*"], "*"),
    ]
    single_sign_on(SCIENCE, "Developer", "PowerUserAccess", boundary="DeveloperBoundary")
    small_function(SCIENCE, "notebook-archiver", notebooks)
    small_function(SCIENCE, "model-registry", models)
    SCIENCE.bucket(notebooks, only_tls(notebooks))
    SCIENCE.bucket(models, only_tls(models), versioned=True)
    SCIENCE.bucket(scratch)


def sandbox() -> None:
    scratch, shared, hack_day = "team-a-scratch", "team-a-shared", "team-a-hackday"
    SANDBOX.customer_managed["DeveloperBoundary"] = [
        allow(["s3:*", "sts:AssumeRole", "ec2:*", "lambda:*", "logs:*"], "*"),
    ]
    own = [each for bucket in (scratch, shared, hack_day) for each in whole(bucket)]
    SANDBOX.group("Developers", ("play", [allow("s3:*", own), may_assume(role_in(SANDBOX, "dev-tools"))]))
    for name, keys in (("alice", 1), ("bob", 1), ("carla", 0), ("deniz", 1), ("emi", 0), ("田中", 0)):
        SANDBOX.user(
            f"dev-{name}" if name.isascii() else "dev-tanaka",
            groups=(SANDBOX.iam("group", "Developers"),),
            keys=keys,
            password=True,
            boundary="DeveloperBoundary",
            tags={"display-name": name.title()},
        )
    SANDBOX.role(
        "dev-tools",
        trusts(SANDBOX.iam("root", "", "")),
        ("tools", [may_assume("*"), allow("s3:*", own)]),
    )
    notebook = SANDBOX.role(
        "dev-notebook",
        trusts("ec2.amazonaws.com"),
        ("play", [allow("s3:*", "*")]),
        boundary="DeveloperBoundary",
    )
    SANDBOX.instance("notebook-alice", notebook)
    single_sign_on(SANDBOX, "Developer", "PowerUserAccess", boundary="DeveloperBoundary")
    small_function(SANDBOX, "hackday-bot", hack_day)
    # Looks public, is not: the bucket's RestrictPublicBuckets is on.
    SANDBOX.bucket(scratch, allow("s3:GetObject", objects(scratch), "World", principal="*"))
    # MISTAKE 8: IfExists is true for callers who have no such key, anonymous ones included.
    SANDBOX.bucket(
        shared,
        allow(
            ["s3:GetObject", "s3:ListBucket"],
            whole(shared),
            "OurOrganization",
            principal="*",
            condition={"StringEqualsIfExists": {"aws:PrincipalOrgID": ORGANIZATION}},
        ),
        block=BLOCK_NOTHING,
    )
    # Looks public, is not: IgnorePublicAcls is on.
    SANDBOX.bucket(
        hack_day,
        block=PublicAccessBlock(ignore_public_acls=True),
        ownership=ObjectOwnership.OBJECT_WRITER,
        acl=((ALL_USERS, "READ"),),
    )


def legacy_shop() -> None:
    downloads, dumps = "legacy-shop-downloads", "legacy-shop-db-dumps"
    SHOP.user("shop-admin", "AdministratorAccess", keys=1, password=True)
    SHOP.user("shop-deploy", ("deploy", [*read(downloads), *write(downloads)]), keys=1)
    server = SHOP.role("shop-server", trusts("ec2.amazonaws.com"), "AmazonS3FullAccess")
    SHOP.instance("shop-1", server, public=True)
    # MISTAKE 9: the account is suspended, but an SCP does not bind strangers: the world still reads.
    SHOP.bucket(
        downloads,
        allow("s3:GetObject", objects(downloads), "World", principal="*"),
        block=None,
        ownership=ObjectOwnership.BUCKET_OWNER_PREFERRED,
    )
    # MISTAKE 10: the same by ACL: the world lists the keys of the dumps.
    SHOP.bucket(dumps, block=None, ownership=ObjectOwnership.OBJECT_WRITER, acl=((ALL_USERS, "READ"),))


def acquired_startup() -> None:
    public, app, backups = "startup-public-exports", "startup-app-data", "startup-backups"
    STARTUP.group("Admins", "AdministratorAccess")
    STARTUP.user("founder", groups=(STARTUP.iam("group", "Admins"),), keys=1, inactive_keys=1, password=True)
    STARTUP.user("deploy-bot", ("deploy", [*read(app), *write(app)]), keys=2)
    STARTUP.user("data-intern", "AmazonS3ReadOnlyAccess", keys=1, password=True)
    server = STARTUP.role("app-server", trusts("ec2.amazonaws.com"), ("work", [*read(app), *write(app)]))
    STARTUP.instance("app-1", server, public=True)
    STARTUP.instance("app-2", server)
    # MISTAKE 11: every AWS account in the world may assume it.
    STARTUP.role("ops-access", trusts("*"), "AmazonS3FullAccess")
    STARTUP.role(
        "acme-integration",
        trusts(role_in(SHARED, "GitHubActionsTerraform")),
        ("integrate", [*read(app), *read(backups)]),
    )
    small_function(STARTUP, "export-job", public)
    # MISTAKE 12: public by policy.
    STARTUP.bucket(
        public,
        allow(["s3:GetObject"], objects(public), "PartnersRead", principal={"AWS": "*"}),
        block=None,
    )
    STARTUP.bucket(app, only_tls(app))
    # MISTAKE 13: the sandbox's notebook may write here: data can leave the organization, because the SCP
    # that keeps data inside is on the Workloads OU only.
    STARTUP.bucket(
        backups,
        allow(
            ["s3:GetObject", "s3:PutObject"],
            objects(backups, "from-acme/"),
            "AcmeNotebooks",
            principal={"AWS": [role_in(SANDBOX, "dev-notebook"), role_in(SCIENCE, "sagemaker-notebook")]},
        ),
    )


# ---------------------------------------------------------------- the organization and its guardrails

AWS_POLICY = "arn:aws:organizations::aws:policy"
OWN_POLICY = f"arn:aws:organizations::{MANAGEMENT.id}:policy/{ORGANIZATION}"
FULL: tuple[str, list[Json]] = (
    f"{AWS_POLICY}/service_control_policy/p-FullAWSAccess",
    [allow("*", "*")],
)
RCP_FULL: tuple[str, list[Json]] = (
    f"{AWS_POLICY}/resource_control_policy/p-RCPFullAWSAccess",
    [allow("*", "*", principal="*")],
)


def scp(name: str, *statements: Json) -> tuple[str, list[Json]]:
    return f"{OWN_POLICY}/service_control_policy/p-{hexadecimal(f'scp:{name}', 8)}", list(statements)


def rcp(name: str, *statements: Json) -> tuple[str, list[Json]]:
    return f"{OWN_POLICY}/resource_control_policy/p-{hexadecimal(f'rcp:{name}', 8)}", list(statements)


STAY = scp("stay", deny("organizations:LeaveOrganization", "*", "StayInTheOrganization"))
KEEP_LOGS = scp(
    "keep-logs",
    deny(
        [
            "s3:DeleteBucket",
            "s3:DeleteObject*",
            "s3:PutBucketPolicy",
            "s3:PutLifecycleConfiguration",
        ],
        "arn:aws:s3:::acme-*",
        "OnlyTheLogArchiveAdmin",
        condition={"ArnNotEquals": {"aws:PrincipalArn": role_in(LOG_ARCHIVE, "LogArchiveAdmin")}},
    ),
)
NO_ROOT = scp(
    "no-root",
    deny("*", "*", "NoRootUser", condition={"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}}),
)
REGIONS = scp(
    "regions",
    deny(
        None,
        "*",
        "OnlyOurRegions",
        not_action=["cloudfront:*", "iam:*", "organizations:*", "route53:*", "sts:*", "support:*"],
        condition={
            "StringNotEquals": {"aws:RequestedRegion": [REGION, "eu-west-1"]},
            "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/OrganizationAccountAccessRole"},
        },
    ),
)
DATA_STAYS = scp(
    "data-stays",
    deny(
        "s3:*",
        "*",
        "DataStaysInside",
        condition={"StringNotEqualsIfExists": {"aws:ResourceOrgID": ORGANIZATION}},
    ),
)
KEEP_BUCKETS = scp(
    "keep-buckets",
    deny(
        ["s3:PutAccountPublicAccessBlock", "s3:PutBucketAcl", "s3:PutBucketPublicAccessBlock"],
        "*",
        "KeepBucketsPrivate",
        condition={"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/OrganizationAccountAccessRole"}},
    ),
    deny(
        ["s3:DeleteBucket", "s3:DeleteObjectVersion"],
        "*",
        "DeleteOnlyWithMfa",
        condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
    ),
)
SANDBOX_SERVICES = scp(
    "sandbox-services",
    allow(["cloudwatch:*", "ec2:*", "iam:*", "lambda:*", "logs:*", "s3:*", "sts:*"], "*", "SandboxServices"),
)
DENY_ALL = scp("deny-all", deny("*", "*", "AccountIsSuspended"))

PERIMETER = rcp(
    "perimeter",
    deny(
        ["s3:*", "sts:AssumeRole"],
        None,
        "OnlyUsAndAwsAndTheVendor",
        principal="*",
        not_resource=whole("acme-web-public-assets"),
        condition={
            "StringNotEqualsIfExists": {"aws:PrincipalOrgID": ORGANIZATION, "aws:PrincipalAccount": VENDOR},
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        },
    ),
)
SERVICES_FOR_US = rcp(
    "services-for-us",
    deny(
        "s3:*",
        "*",
        "ServicesOnlyOnOurBehalf",
        principal="*",
        condition={
            "StringNotEqualsIfExists": {"aws:SourceOrgID": ORGANIZATION},
            "Null": {"aws:SourceAccount": "false"},
            "Bool": {"aws:PrincipalIsAWSService": "true"},
        },
    ),
)
OUR_REPOSITORIES = rcp(
    "our-repositories",
    deny(
        "sts:AssumeRoleWithWebIdentity",
        "*",
        "OnlyOurRepositories",
        principal="*",
        condition={
            "StringNotLike": {f"{GITHUB}:sub": "repo:acme/*"},
            "Null": {f"{GITHUB}:sub": "false"},
        },
    ),
)
ONLY_THE_LAKE = rcp(
    "only-the-lake",
    deny(
        "s3:*",
        whole("acme-lake-restricted"),
        "RestrictedStaysInItsAccount",
        principal="*",
        condition={"StringNotEquals": {"aws:PrincipalAccount": LAKE.id}},
    ),
)

UNITS: tuple[tuple[str, str, str | None, tuple, tuple], ...] = (
    (ROOT, "Root", None, (FULL, STAY), ()),
    (SECURITY, "Security", ROOT, (FULL, KEEP_LOGS), (PERIMETER, SERVICES_FOR_US)),
    (INFRASTRUCTURE, "Infrastructure", ROOT, (FULL,), (PERIMETER,)),
    (WORKLOADS, "Workloads", ROOT, (FULL, NO_ROOT, REGIONS, DATA_STAYS), (PERIMETER, OUR_REPOSITORIES)),
    (PROD, "Prod", WORKLOADS, (FULL, KEEP_BUCKETS), ()),
    (NON_PROD, "NonProd", WORKLOADS, (FULL,), ()),
    (SANDBOXES, "Sandbox", ROOT, (SANDBOX_SERVICES,), ()),
    (SUSPENDED, "Suspended", ROOT, (FULL, DENY_ALL), ()),
)
OF_ACCOUNTS: dict[str, tuple] = {LAKE.id: (ONLY_THE_LAKE,)}


def attach(kind: PolicyKind, to: str, policies: tuple) -> tuple[Policy, ...]:
    made = [policy(kind, name, to, statements) for name, statements in policies]
    return tuple(sorted(made, key=lambda each: each.name))


def organization() -> Organization:
    units = [
        OrganizationUnit(
            identifier,
            name,
            parent,
            attach(PolicyKind.SCP, identifier, scps),
            attach(PolicyKind.RCP, identifier, (RCP_FULL, *rcps)),
        )
        for identifier, name, parent, scps, rcps in UNITS
    ]
    members = [
        Member(
            account.id,
            PARENT[account.id],
            attach(PolicyKind.SCP, account.id, (FULL,)),
            attach(PolicyKind.RCP, account.id, (RCP_FULL, *OF_ACCOUNTS.get(account.id, ()))),
        )
        for account in (MANAGEMENT, *MEMBERS)
    ]
    return Organization(
        ORGANIZATION,
        MANAGEMENT.id,
        tuple(sorted(units, key=lambda each: each.id)),
        tuple(sorted(members, key=lambda each: each.account)),
        scps_enabled=True,
        rcps_enabled=True,
    )


def snapshot() -> Snapshot:
    """All accounts, filled. To be called once: accounts are filled in place."""
    for account in (MANAGEMENT, *MEMBERS):
        baseline(account)
    for fill in (
        management,
        log_archive,
        security_audit,
        network,
        shared_services,
        payments_prod,
        payments_dev,
        web_prod,
        data_lake,
        data_science,
        sandbox,
        legacy_shop,
        acquired_startup,
    ):
        fill()
    accounts = sorted((each.account() for each in EVERYONE), key=lambda each: each.id)
    return Snapshot(tuple(accounts), (organization(),))


if __name__ == "__main__":
    write_beside(snapshot(), folder_given(__file__))
