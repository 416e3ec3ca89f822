import { aclRow } from '../catalog/acl.ts';
import type { AclGrants, AclPolicy, AclRole, AclRule, AclToken } from '../catalog/acl-rows.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import { nodeIdentityPolicy, type SyntheticPolicy, serviceIdentityPolicy, templatedPolicy } from './templates.ts';

/** Everything that a token grants, its roles included. What it links to and is not there any more grants nothing. */
export interface Expanded {
  readonly policies: readonly AclPolicy[];
  readonly roles: readonly AclRole[];
  readonly synthetic: readonly SyntheticPolicy[];
}

export function expandToken(s: Snapshot, dc: string, token: AclToken): Expanded {
  const roles = (token.Roles ?? []).flatMap(({ ID }) => aclRow(s, dc, 'aclRoles', ID) ?? []);
  const granting: readonly AclGrants[] = [token, ...roles];
  const ids = new Set(granting.flatMap(({ Policies = [] }) => Policies.map(({ ID }) => ID)));
  return {
    roles,
    policies: [...ids].flatMap((id) => aclRow(s, dc, 'aclPolicies', id) ?? []),
    synthetic: granting.flatMap(syntheticPolicies),
  };
}

/** The rules that count in this datacenter. */
export function rulesIn(dc: string, { policies, synthetic }: Expanded): AclRule[] {
  const holds = (datacenters: readonly string[] = []): boolean => datacenters.length === 0 || datacenters.includes(dc);
  return [
    ...policies.filter(({ Datacenters }) => holds(Datacenters)).flatMap(({ parsed }) => parsed),
    ...synthetic.filter(({ datacenters }) => holds(datacenters)).flatMap(({ rules }) => rules),
  ];
}

function syntheticPolicies(grants: AclGrants): SyntheticPolicy[] {
  return [
    ...(grants.ServiceIdentities ?? []).map(serviceIdentityPolicy),
    ...(grants.NodeIdentities ?? []).map(nodeIdentityPolicy),
    ...(grants.TemplatedPolicies ?? []).flatMap((given) => templatedPolicy(given) ?? []),
  ];
}
