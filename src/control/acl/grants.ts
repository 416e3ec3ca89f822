import { isIdentityName, uuidError } from '../../acl/names.ts';
import { policyTemplate } from '../../acl/templates.ts';
import { aclRow, aclRows } from '../../catalog/acl.ts';
import type { AclGrants, AclLink, AclPolicy, AclRole, NodeIdentity, ServiceIdentity, TemplatedPolicy } from '../../catalog/acl-rows.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import type { Compat } from '../compatibility.ts';
import { HttpError } from '../http/answer.ts';

/** To a policy or role: by id, or by the name that it has now. */
export interface GivenLink {
  readonly ID: string;
  readonly Name: string;
}

export interface GivenGrants {
  readonly Policies: readonly GivenLink[];
  readonly ServiceIdentities: readonly { readonly ServiceName: string; readonly Datacenters: readonly string[] }[];
  readonly NodeIdentities: readonly NodeIdentity[];
  readonly TemplatedPolicies: readonly {
    readonly TemplateName: string;
    readonly TemplateVariables?: { readonly name: string };
    readonly Datacenters: readonly string[];
  }[];
}

export interface GrantsContext {
  readonly s: Snapshot;
  readonly primary: string;
  readonly compat: Compat;
  /** For texts. */
  readonly owner: 'token' | 'role';
  /** A token of one datacenter, which can't be told others. */
  readonly local: boolean;
}

export const failed = (text: string): HttpError => new HttpError(500, text);

/** Names become ids, doubles go. Throws what Consul says of a link that leads nowhere or a name that can't be. */
export function checkGrants(given: GivenGrants, context: GrantsContext): AclGrants {
  const Policies = checkLinks('policy', given.Policies, context);
  const ServiceIdentities = serviceIdentities(given.ServiceIdentities, context);
  const NodeIdentities = nodeIdentities(given.NodeIdentities, context);
  const TemplatedPolicies = templatedPolicies(given.TemplatedPolicies, context);
  return {
    ...(Policies.length > 0 ? { Policies } : {}),
    ...(ServiceIdentities.length > 0 ? { ServiceIdentities } : {}),
    ...(NodeIdentities.length > 0 ? { NodeIdentities } : {}),
    ...(TemplatedPolicies.length > 0 ? { TemplatedPolicies } : {}),
  };
}

export function checkLinks(sort: 'policy' | 'role', given: readonly GivenLink[], { s, primary }: GrantsContext): AclLink[] {
  const table = sort === 'policy' ? 'aclPolicies' : 'aclRoles';
  const ids = new Set<string>();
  for (const { ID, Name } of given) {
    const wrong = ID === '' ? undefined : uuidError(ID);
    if (wrong !== undefined) throw failed(`Error looking up ${sort} for id ${JSON.stringify(ID)}: failed acl ${sort} lookup: ${wrong}`);
    const found = ID === '' ? named<AclPolicy | AclRole>(aclRows(s, primary, table), Name) : aclRow(s, primary, table, ID);
    if (!found) throw failed(`No such ACL ${sort} with ${ID === '' ? `name ${JSON.stringify(Name)}` : `ID ${JSON.stringify(ID)}`}`);
    ids.add(found.ID);
  }
  return Array.from(ids, (ID) => ({ ID }));
}

/** Names differ by more than case. */
export function named<T extends { readonly Name: string }>(rows: readonly T[], name: string): T | undefined {
  const wanted = name.toLowerCase();
  return rows.find((row) => row.Name.toLowerCase() === wanted);
}

/** Consul 1.8 says alphanumeric where it means lower case. */
const lettersOf = (compat: Compat): string => (compat === '1.8' ? 'alphanumeric' : 'lowercase alphanumeric');

function serviceIdentities(given: GivenGrants['ServiceIdentities'], { owner, local, compat }: GrantsContext): ServiceIdentity[] {
  const byName = new Map<string, readonly string[]>();
  for (const { ServiceName: name, Datacenters } of given) {
    const called = `Service identity ${JSON.stringify(name)}`;
    if (name === '') throw failed(`Service identity is missing the service name field on this ${owner}`);
    if (local && Datacenters.length > 0) throw failed(`${called} cannot specify a list of datacenters on a local token`);
    if (!isIdentityName(name)) throw failed(`${called} has an invalid name. Only ${lettersOf(compat)} characters, '-' and '_' are allowed`);
    const known = byName.get(name);
    // None named: it holds everywhere, whatever another says.
    const everywhere = Datacenters.length === 0 || known?.length === 0;
    byName.set(name, everywhere ? [] : [...new Set([...(known ?? []), ...Datacenters])].sort());
  }
  return Array.from(byName, ([ServiceName, Datacenters]) => ({ ServiceName, ...(Datacenters.length > 0 ? { Datacenters } : {}) }));
}

function nodeIdentities(given: readonly NodeIdentity[], { owner, compat }: GrantsContext): NodeIdentity[] {
  const found = new Map<string, NodeIdentity>();
  for (const { NodeName, Datacenter } of given) {
    if (NodeName === '') throw failed(`Node identity is missing the node name field on this ${owner}`);
    if (Datacenter === '') throw failed(`Node identity is missing the datacenter field on this ${owner}`);
    if (!isIdentityName(NodeName))
      throw failed(`Node identity has an invalid name. Only ${lettersOf(compat)} characters, '-' and '_' are allowed`);
    found.set(`${NodeName}\u0000${Datacenter}`, { NodeName, Datacenter });
  }
  return [...found.values()];
}

function templatedPolicies(given: GivenGrants['TemplatedPolicies'], { owner, local }: GrantsContext): TemplatedPolicy[] {
  const found = new Map<string, TemplatedPolicy>();
  for (const { TemplateName, TemplateVariables, Datacenters } of given) {
    if (TemplateName === '') throw failed(`templated policy is missing the template name field on this ${owner}`);
    const wrong = templateError(TemplateName, TemplateVariables?.name);
    if (wrong !== undefined) throw failed(wrong);
    if (local && Datacenters.length > 0)
      throw failed(`templated policy ${JSON.stringify(TemplateName)} cannot specify a list of datacenters on a local token`);
    const name = policyTemplate(TemplateName)!.Schema === '' ? '' : (TemplateVariables?.name ?? '');
    const key = `${TemplateName}\u0000${name}`;
    if (found.has(key)) continue;
    found.set(key, {
      TemplateName,
      ...(name === '' ? {} : { TemplateVariables: { name } }),
      ...(Datacenters.length > 0 ? { Datacenters } : {}),
    });
  }
  return [...found.values()];
}

/** Whether a template takes these variables; undefined: it does. */
function templateError(template: string, name: string | undefined): string | undefined {
  const known = policyTemplate(template);
  if (!known) return `no such ACL templated policy with Name ${JSON.stringify(template)}`;
  if (known.Schema === '') return undefined;
  const wrong = variablesError(template, name);
  return wrong === undefined ? undefined : `validation error for templated policy ${JSON.stringify(template)}: ${wrong}`;
}

export function variablesError(template: string, name: string | undefined): string | undefined {
  const listed = (text: string): string => `1 error occurred:\n\t* ${text}\n\n`;
  if (name === undefined) return listed('Invalid type. Expected: object, given: null');
  const only = "Only lowercase alphanumeric characters, '-' and '_' are allowed";
  if (template === 'builtin/service' && !isIdentityName(name))
    return `service identity ${JSON.stringify(name)} has an invalid name. ${only}`;
  if (template === 'builtin/node' && !isIdentityName(name)) return `node identity ${JSON.stringify(name)}  has an invalid name. ${only}`;
  return name === '' ? listed('name is required') : undefined;
}
