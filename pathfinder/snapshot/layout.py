"""How a snapshot folder looks.

Everything in it is what the AWS CLI prints, so that whoever has nothing but the CLI can make one by
redirecting its output: `aws s3api get-bucket-policy --bucket b > accounts/ID/s3/b/policy.json 2>&1`.
Every file may be missing: what it would have said is then a gap. Fields not named here are ignored.

    pathfinder.json                     {"format_version": 1}; may be missing
    known-accounts.json                 {"ACCOUNT_ID": "name"}: accounts outside that you know, such as vendors'
    gaps.json                           {"Gaps": [{"Place", "Reason", "Affects"}]}: what could not be read
    organizations/ORGANIZATION_ID/
      organization.json                 organizations describe-organization
      roots.json                        organizations list-roots
      units/PARENT_ID.json              organizations list-organizational-units-for-parent, of root and OUs
      members/PARENT_ID.json            organizations list-accounts-for-parent, of root and OUs
      policies/POLICY_ID.json           organizations describe-policy, of SCPs, RCPs and S3 policies
      targets/POLICY_ID.json            organizations list-targets-for-policy
      delegated-administrators.json       organizations list-delegated-administrators
      delegated-services/ACCOUNT_ID.json  organizations list-delegated-services-for-account, of each of them
      resource-policy.json                organizations describe-resource-policy
      s3-policies/ACCOUNT_ID.json       organizations describe-effective-policy --policy-type S3_POLICY
    accounts/ACCOUNT_ID/
      account.json                      {"Name", "Partition", "CanonicalId"}, or organizations describe-account;
                                        "Organization": null where the account is in none
      iam.json                          iam get-account-authorization-details
      access-keys.json                  iam list-access-keys, of every user
      credential-report.csv             iam get-credential-report, decoded
      instance-profiles.json            iam list-instance-profiles: those that hold no role
      providers.json                    iam list-open-id-connect-providers, get-open-id-connect-provider,
                                        list-saml-providers
      s3.json                           s3api list-buckets
      s3/BUCKET/policy.json             s3api get-bucket-policy;  and likewise acl, ownership-controls,
                                        public-access-block, encryption, tagging, versioning, abac, location,
                                        request-payment
      s3/BUCKET/objects.json            s3api list-objects-v2 --fetch-owner; in each entry of Contents may stand
                                        "Acl" (get-object-acl) and "TagSet" (get-object-tagging)
      public-access-block.json          s3control get-public-access-block
      access-points.json                s3control list-access-points
      access-points/NAME/policy.json    s3control get-access-point-policy;  access-point.json: get-access-point
      multi-region-access-points.json   s3control list-multi-region-access-points
      multi-region-access-points/NAME/policy.json    s3control get-multi-region-access-point-policy
      object-lambda-access-points.json  s3control list-access-points-for-object-lambda
      object-lambda-access-points/NAME/policy.json   s3control get-access-point-policy-for-object-lambda;
                                        configuration.json: get-access-point-configuration-for-object-lambda;
                                        access-point.json: get-access-point-for-object-lambda
      access-grants-instances.json      s3control list-access-grants-instances, of every region
      access-grants-instances/REGION/policy.json     s3control get-access-grants-instance-resource-policy
      access-grants-locations.json      s3control list-access-grants-locations
      access-grants.json                s3control list-access-grants
      kms.json                          kms list-keys
      kms/KEY_ID/policy.json            kms get-key-policy;  and key (describe-key), grants, aliases, tags
      ec2-instances.json                ec2 describe-instances
      profile-associations.json         ec2 describe-iam-instance-profile-associations
      vpc-endpoints.json                ec2 describe-vpc-endpoints
      lambda.json                       lambda list-functions
      lambda/NAME/policy.json           lambda get-policy
      ecs-task-definitions.json         ecs list-task-definitions, and describe-task-definition of each
      ecs-services.json                 ecs list-services, and describe-services
      eks-clusters.json                 eks list-clusters, and describe-cluster of each
      pod-identity-associations.json    eks list-pod-identity-associations, and describe-pod-identity-association
                                        of each
      service-accounts/REGION/CLUSTER.json
                                        kubectl get serviceaccounts --all-namespaces -o json
      cloudformation-stacks.json        cloudformation describe-stacks
      cloudformation-stack-sets.json    cloudformation describe-stack-set, of each
      codebuild-projects.json           codebuild batch-get-projects
      glue-jobs/REGION.json             glue get-jobs
      glue-dev-endpoints/REGION.json    glue get-dev-endpoints
      sagemaker-notebooks.json          sagemaker describe-notebook-instance, of each
      apprunner-services.json           apprunner describe-service, of each
      code-interpreters.json            bedrock-agentcore-control get-code-interpreter, of each
      launch-templates/REGION.json      ec2 describe-launch-template-versions --versions '$Default'
      emr-clusters.json                 emr describe-cluster, of each
      trust-anchors.json                rolesanywhere list-trust-anchors
      roles-anywhere-profiles.json      rolesanywhere list-profiles
      sso-instances.json                sso-admin list-instances, in the account that owns the instance
      sso-permission-sets.json          sso-admin list-permission-sets, and describe-permission-set of each
      sso-account-assignments.json      sso-admin list-account-assignments, of each account and permission set
      identity-store-users.json         identitystore list-users;  and likewise groups (list-groups) and
                                        memberships (list-group-memberships, of each group)

- *Pages.* Where a file lists (`iam`, `s3`, `kms`, `units/PARENT_ID` …), it may hold one output or an array of
  them, and any `*.json` in a folder of the same name counts too: `kms/eu-west-1.json`, `access-keys/ann.json`,
  `s3/BUCKET/objects/page-2.json`.
- *Parts.* What a bucket's own files say may stand in its entry in `s3.json` instead, under the field name that
  the call prints: `Policy`, `OwnershipControls`, `PublicAccessBlockConfiguration`,
  `ServerSideEncryptionConfiguration`, `TagSet`, `AbacStatus`, `LocationConstraint`, `Payer`; and `Acl` and
  `Versioning` for the two calls that print no such name. So with access points (`Policy`,
  `PublicAccessBlockConfiguration`; for Object Lambda `Configuration` besides), Access Grants instances
  (`Policy`), keys (`Policy`, `KeyMetadata`, `Grants`, `Aliases`, `Tags`) and functions (`Policy`). That is how
  `write` does it. Null means that there is none; a field that is absent is not known.
- *Errors.* Any entry may have `"Errors": {"Policy": "AccessDenied"}` for what could not be read; a `NoSuch…` or
  `…NotFound…` code means that there is none. A file may hold the CLI's error message instead of output.
- *Incomplete.* `"Incomplete": true` in a list says that it is known not to be whole.
- *Documents* are objects, or text that holds JSON, plain or URL-encoded.
  `"pathfinder:fault"` in a statement keeps what was malformed in the original.
- *Our own fields*, where AWS has none: `AccessKeyLastUsed` in an access key, `Arn`, `Public` and `Name` in an
  instance, `Tags` in an access point, `Region` in Glue's entries and launch templates.
- File names made of ids are URL-encoded where an id holds anything but letters, digits and `_.-~`.
"""

FORMAT_VERSION = 1

MARK = "pathfinder.json"
GAPS = "gaps.json"
KNOWN_ACCOUNTS = "known-accounts.json"
ORGANIZATIONS = "organizations"
ACCOUNTS = "accounts"

ACCOUNT_FILES = (
    "iam",
    "access-keys",
    "instance-profiles",
    "providers",
    "s3",
    "public-access-block",
    "access-points",
    "multi-region-access-points",
    "object-lambda-access-points",
    "access-grants-instances",
    "access-grants-locations",
    "access-grants",
    "kms",
    "ec2-instances",
    "profile-associations",
    "vpc-endpoints",
    "lambda",
    "ecs-task-definitions",
    "ecs-services",
    "eks-clusters",
    "pod-identity-associations",
    "cloudformation-stacks",
    "cloudformation-stack-sets",
    "codebuild-projects",
    "glue-jobs",
    "glue-dev-endpoints",
    "sagemaker-notebooks",
    "apprunner-services",
    "code-interpreters",
    "launch-templates",
    "emr-clusters",
    "trust-anchors",
    "roles-anywhere-profiles",
    "sso-instances",
    "sso-permission-sets",
    "sso-account-assignments",
    "identity-store-users",
    "identity-store-groups",
    "identity-store-memberships",
)
"""The lists in an account's folder, without `.json`."""
