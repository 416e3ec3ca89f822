import { GLOBAL_MANAGEMENT_ID, GLOBAL_MANAGEMENT_RULES_1_8 } from '../../../../acl/builtin.ts';
import { type Expanded, expandToken } from '../../../../acl/grants.ts';
import type { SyntheticPolicy } from '../../../../acl/templates.ts';
import { aclRow } from '../../../../catalog/acl.ts';
import type { AclGrants, AclLink, AclPolicy, AclRole, AclToken } from '../../../../catalog/acl-rows.ts';
import type { Snapshot } from '../../../../catalog/snapshot.ts';
import { aclHash } from '../../../acl/hash.ts';
import type { Compat } from '../../../compatibility.ts';
import { orNull } from '../shapes.ts';

/** Where links are followed, and who is answered. */
export interface View {
  readonly s: Snapshot;
  readonly primary: string;
  readonly compat: Compat;
  /** Whoever may not write ACLs does not see secrets. */
  readonly secrets: boolean;
}

export function tokenJson(token: AclToken, view: View): object {
  const { AccessorID, Description, Roles, Local, AuthMethod, ExpirationTime, CreateTime, Hash, CreateIndex, ModifyIndex } = token;
  return {
    AccessorID,
    SecretID: secret(token, view),
    Description,
    ...grantsJson(token, view, Roles),
    Local,
    ...(AuthMethod === undefined ? {} : { AuthMethod }),
    ...(ExpirationTime === undefined ? {} : { ExpirationTime }),
    CreateTime,
    Hash,
    CreateIndex,
    ModifyIndex,
  };
}

/** Of a list. Consul 1.8 showed no secrets there, to nobody. */
export function tokenStubJson(token: AclToken, view: View): object {
  const { SecretID, ...stub } = tokenJson(token, view) as { SecretID: string };
  const { AccessorID, ...rest } = stub as unknown as { AccessorID: string };
  return view.compat === '1.8' ? stub : { AccessorID, SecretID, ...rest };
}

/** With everything that it grants. */
export function expandedTokenJson(token: AclToken, view: View, defaultPolicy: string, nodeName: string): object {
  const expanded = expandToken(view.s, view.primary, token);
  return {
    ExpandedPolicies: orNull(policiesOf(expanded, view)),
    ExpandedRoles: orNull(expanded.roles.map((role) => roleJson(role, view))),
    NamespaceDefaultPolicyIDs: null,
    NamespaceDefaultRoleIDs: null,
    AgentACLDefaultPolicy: defaultPolicy,
    AgentACLDownPolicy: 'extend-cache',
    ResolvedByAgent: nodeName,
    ...tokenJson(token, view),
  };
}

export function policyJson({ Rules, ID, Name, Description, Datacenters, Hash, CreateIndex, ModifyIndex }: AclPolicy, view: View): object {
  const rules = view.compat === '1.8' && ID === GLOBAL_MANAGEMENT_ID ? GLOBAL_MANAGEMENT_RULES_1_8 : Rules;
  return { ID, Name, Description, Rules: rules, ...(Datacenters ? { Datacenters } : {}), Hash, CreateIndex, ModifyIndex };
}

export function policyStubJson({ ID, Name, Description, Datacenters, Hash, CreateIndex, ModifyIndex }: AclPolicy): object {
  return { ID, Name, Description, Datacenters: Datacenters ?? null, Hash, CreateIndex, ModifyIndex };
}

export function roleJson(role: AclRole, view: View): object {
  const { ID, Name, Description, Hash, CreateIndex, ModifyIndex } = role;
  return { ID, Name, Description, ...grantsJson(role, view), Hash, CreateIndex, ModifyIndex };
}

function grantsJson(grants: AclGrants, { s, primary }: View, roles?: readonly AclLink[]): object {
  const { ServiceIdentities, NodeIdentities, TemplatedPolicies } = grants;
  const named = (table: 'aclPolicies' | 'aclRoles', links: readonly AclLink[] = []): object[] =>
    links.flatMap(({ ID }) => {
      const found = aclRow(s, primary, table, ID);
      // What it linked to is gone.
      return found ? [{ ID, Name: found.Name }] : [];
    });
  return {
    ...unlessEmpty('Policies', named('aclPolicies', grants.Policies)),
    ...unlessEmpty('Roles', named('aclRoles', roles)),
    ...(ServiceIdentities ? { ServiceIdentities } : {}),
    ...(NodeIdentities ? { NodeIdentities } : {}),
    ...(TemplatedPolicies ? { TemplatedPolicies } : {}),
  };
}

function policiesOf({ policies, synthetic }: Expanded, view: View): object[] {
  return [...policies.map((policy) => policyJson(policy, view)), ...synthetic.map(syntheticPolicyJson)];
}

/** A policy that stands in no table, as Consul shows it. */
export function syntheticPolicyJson({ description, text, datacenters }: SyntheticPolicy): object {
  const Hash = aclHash(text, datacenters);
  const ID = Buffer.from(Hash, 'base64').subarray(0, 16).toString('hex');
  return {
    ID,
    Name: `synthetic-policy-${ID}`,
    Description: description,
    Rules: text,
    ...(datacenters.length > 0 ? { Datacenters: datacenters } : {}),
    Hash,
    CreateIndex: 0,
    ModifyIndex: 0,
  };
}

const secret = ({ SecretID }: AclToken, { secrets }: View): string => (secrets ? SecretID : '<hidden>');
const unlessEmpty = (name: string, list: readonly object[]): object => (list.length > 0 ? { [name]: list } : {});
