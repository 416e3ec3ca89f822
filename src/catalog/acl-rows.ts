import type { Indexed } from './types.ts';

/** One line of a policy, as read from its text: so that a token is resolved without a parser. */
export interface AclRule {
  readonly resource: string;
  /** Absent for resources without names: acl, keyring, mesh, operator, peering. */
  readonly name?: string;
  /** It speaks of every name that begins so. */
  readonly prefix?: true;
  readonly access: string;
  /** Of services: what is given for the intentions that have them as destination. */
  readonly intentions?: string;
}

export interface AclPolicy extends Indexed {
  readonly ID: string;
  readonly Name: string;
  readonly Description: string;
  /** The text, as given. */
  readonly Rules: string;
  /** Where it holds; absent: everywhere. */
  readonly Datacenters?: readonly string[];
  readonly Hash: string;
  readonly parsed: readonly AclRule[];
}

/** Of a policy or role: by id, so that a new name changes nothing. */
export interface AclLink {
  readonly ID: string;
}

export interface ServiceIdentity {
  readonly ServiceName: string;
  readonly Datacenters?: readonly string[];
}

export interface NodeIdentity {
  readonly NodeName: string;
  readonly Datacenter: string;
}

export interface TemplatedPolicy {
  readonly TemplateName: string;
  readonly TemplateVariables?: { readonly name: string };
  readonly Datacenters?: readonly string[];
}

/** What tokens and roles grant. Absent lists are empty. */
export interface AclGrants {
  readonly Policies?: readonly AclLink[];
  readonly ServiceIdentities?: readonly ServiceIdentity[];
  readonly NodeIdentities?: readonly NodeIdentity[];
  readonly TemplatedPolicies?: readonly TemplatedPolicy[];
}

export interface AclRole extends Indexed, AclGrants {
  readonly ID: string;
  readonly Name: string;
  readonly Description: string;
  readonly Hash: string;
}

export interface AclToken extends Indexed, AclGrants {
  readonly AccessorID: string;
  /** Whoever has it may do what it grants. */
  readonly SecretID: string;
  readonly Description: string;
  readonly Roles?: readonly AclLink[];
  readonly Local: boolean;
  /** Through which it came, by login. */
  readonly AuthMethod?: string;
  /** RFC 3339. */
  readonly ExpirationTime?: string;
  readonly CreateTime: string;
  readonly Hash: string;
}

export interface AclAuthMethod extends Indexed {
  readonly Name: string;
  readonly Type: string;
  readonly DisplayName?: string;
  readonly Description: string;
  /** Of the tokens that it gives, in nanoseconds; 0: they live until logout. */
  readonly MaxTokenTTL: number;
  /** `local` or `global`; empty: local. */
  readonly TokenLocality?: string;
  readonly TokenNameFormat?: string;
  /** Secret in part: it may hold keys and tokens. */
  readonly Config: Readonly<Record<string, unknown>>;
}

export interface AclBindingRule extends Indexed {
  readonly ID: string;
  readonly Description: string;
  readonly AuthMethod: string;
  readonly Selector: string;
  readonly BindType: string;
  readonly BindName: string;
  readonly BindVars?: { readonly name: string };
}

/** When the first management token was made. */
export interface AclBootstrap extends Indexed {
  readonly accessor: string;
}

export interface AclRows {
  /** By accessor id. */
  readonly aclTokens: AclToken;
  /** Accessor id by secret, as written: secrets know case. */
  readonly aclSecrets: Indexed & { readonly accessor: string };
  /** By id. */
  readonly aclPolicies: AclPolicy;
  /** By id. */
  readonly aclRoles: AclRole;
  /** By name. */
  readonly aclAuthMethods: AclAuthMethod;
  /** By id. */
  readonly aclBindingRules: AclBindingRule;
  /** One row, with an empty key. */
  readonly aclBootstrap: AclBootstrap;
}

export const ACL_TABLES: readonly (keyof AclRows)[] = [
  'aclTokens',
  'aclSecrets',
  'aclPolicies',
  'aclRoles',
  'aclAuthMethods',
  'aclBindingRules',
  'aclBootstrap',
];
