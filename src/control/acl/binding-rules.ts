import { interpolate } from '../../acl/interpolate.ts';
import { isIdentityName, isPolicyName, isRoleName, isUuid, uuidError } from '../../acl/names.ts';
import { policyTemplate } from '../../acl/templates.ts';
import { aclRow, aclRows } from '../../catalog/acl.ts';
import type { AclBindingRule } from '../../catalog/acl-rows.ts';
import { compileFilter } from '../../filter/compile.ts';
import type { Compat } from '../compatibility.ts';
import type { Identity } from './auth/validator.ts';
import type { AuthMethods } from './auth-methods.ts';
import { failed, type GivenGrants, type GivenLink, named } from './grants.ts';
import type { AclStore } from './store.ts';

export interface GivenBindingRule {
  /** Empty: a new one. */
  readonly ID: string;
  readonly Description: string;
  readonly AuthMethod: string;
  readonly Selector: string;
  readonly BindType: string;
  readonly BindName: string;
  readonly BindVars?: { readonly Name: string };
}

/** Whether a name that a rule makes is one, by the type of what is bound. */
const NAMES: Readonly<Record<string, (name: string) => boolean>> = {
  service: isIdentityName,
  node: isIdentityName,
  role: isRoleName,
  policy: (name) => isPolicyName(name.replace(/^builtin\//, '')),
  'templated-policy': (name) => policyTemplate(name) !== undefined,
};

/** What Consul 1.8 could bind. */
const EARLY = new Set(['service', 'node', 'role']);

/** Creates a binding rule, or changes one. */
export async function writeBindingRule(
  store: AclStore,
  methods: AuthMethods,
  given: GivenBindingRule,
  compat: Compat,
): Promise<AclBindingRule> {
  const id = await store.write(async (s) => {
    const { ID, Description, Selector, BindType, BindName, BindVars } = given;
    if (ID !== '' && !isUuid(ID)) throw failed('Binding Rule ID invalid UUID');
    const known = ID === '' ? undefined : aclRow(s, store.primary, 'aclBindingRules', ID);
    if (ID !== '' && !known) throw failed(`cannot find binding rule ${ID}`);
    const AuthMethod = given.AuthMethod || (known?.AuthMethod ?? '');
    if (known && known.AuthMethod !== AuthMethod) throw failed('the AuthMethod field of an Binding Rule is immutable');
    if (AuthMethod === '') throw failed('Invalid Binding Rule: no AuthMethod is set');
    const method = aclRow(s, store.primary, 'aclAuthMethods', AuthMethod);
    if (!method) throw failed(`cannot find auth method with name ${JSON.stringify(AuthMethod)}`);
    const { shape, names } = await methods.validator(method);
    const selector = Selector === '' ? undefined : compileFilter(Selector, shape);
    if (selector && !selector.ok) throw failed(`invalid Binding Rule: Selector is invalid: ${selector.error.message}`);
    if (BindType === '') throw failed('Invalid Binding Rule: no BindType is set');
    if (BindName === '') throw failed('Invalid Binding Rule: no BindName is set');
    if (!Object.hasOwn(NAMES, BindType) || (compat === '1.8' && !EARLY.has(BindType)))
      throw failed(`Invalid Binding Rule: unknown BindType ${JSON.stringify(BindType)}`);
    const fake = new Map(names.map((name) => [name, 'fake']));
    const bound = interpolate(BindName, fake);
    const variable = interpolate(BindVars?.Name ?? '', fake);
    for (const made of [bound, variable]) if (!made.ok) throw failed(`Invalid Binding Rule: invalid BindName: ${made.error}`);
    if (!bound.ok || !NAMES[BindType]?.(bound.value)) throw failed('Invalid Binding Rule: invalid BindName');
    const row = {
      ID: known?.ID ?? store.uuid(),
      Description,
      AuthMethod: method.Name,
      Selector,
      BindType,
      BindName,
      ...(BindVars && BindVars.Name !== '' ? { BindVars: { name: BindVars.Name } } : {}),
    };
    return { puts: [{ table: 'aclBindingRules', row }], result: row.ID };
  });
  return aclRow(store.snapshot, store.primary, 'aclBindingRules', id)!;
}

/** False: there is no such rule. */
export function deleteBindingRule(store: AclStore, id: string): Promise<boolean> {
  return store.write((s) => {
    const wrong = uuidError(id);
    if (wrong !== undefined) throw failed(`failed acl binding rule lookup: ${wrong}`);
    const known = aclRow(s, store.primary, 'aclBindingRules', id);
    return known ? { removals: [{ table: 'aclBindingRules', key: known.ID }], result: true } : { result: false };
  });
}

export interface Bound extends GivenGrants {
  readonly Roles: readonly GivenLink[];
}

/** What the rules of a method give to an identity. Roles and policies that are not there give nothing. */
export async function bind(store: AclStore, methods: AuthMethods, methodName: string, identity: Identity): Promise<Bound> {
  const s = store.snapshot;
  const method = aclRow(s, store.primary, 'aclAuthMethods', methodName);
  const { shape } = await methods.validator(method!);
  const rules = aclRows(s, store.primary, 'aclBindingRules').filter(
    (rule) => rule.AuthMethod === methodName && selects(rule, shape, identity),
  );
  const made = rules.map((rule) => ({ rule, name: boundName(rule, identity) }));
  const of = (type: string) => made.filter(({ rule }) => rule.BindType === type);
  const links = (type: 'role' | 'policy'): GivenLink[] => {
    const rows = aclRows(s, store.primary, type === 'role' ? 'aclRoles' : 'aclPolicies');
    return of(type).flatMap(({ name }) => named<{ ID: string; Name: string }>(rows, name) ?? []);
  };
  return {
    Roles: links('role'),
    Policies: links('policy'),
    ServiceIdentities: of('service').map(({ name }) => ({ ServiceName: name, Datacenters: [] })),
    NodeIdentities: of('node').map(({ name }) => ({ NodeName: name, Datacenter: store.primary })),
    TemplatedPolicies: of('templated-policy').map(({ rule, name }) => {
      const variable = interpolate(rule.BindVars?.name ?? '', identity.values);
      return {
        TemplateName: name,
        Datacenters: [],
        ...(variable.ok && variable.value !== '' ? { TemplateVariables: { name: variable.value } } : {}),
      };
    }),
  };
}

function boundName({ BindType, BindName }: AclBindingRule, { values }: Identity): string {
  const made = interpolate(BindName, values);
  const type = JSON.stringify(BindType);
  if (!made.ok) throw failed(`cannot compute ${type} bind name for bind target: ${made.error}`);
  if (!NAMES[BindType]?.(made.value)) throw failed(`computed ${type} bind name for bind target is invalid: ${JSON.stringify(made.value)}`);
  return made.value;
}

function selects(rule: AclBindingRule, shape: Parameters<typeof compileFilter>[1], { fields }: Identity): boolean {
  if (rule.Selector === '') return true;
  const compiled = compileFilter(rule.Selector, shape);
  return compiled.ok && compiled.value(fields);
}
