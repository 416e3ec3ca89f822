import type { Result } from '../base/result.ts';
import type { AclRule } from '../catalog/acl-rows.ts';
import type { Located, LocatedEntry, LocatedMap } from '../schema/located.ts';
import { goRule, NAMED_RESOURCES, type NamedResource, PLAIN_RESOURCES } from './rule.ts';

/**
 * The rules that a text holds which is read as HCL 1 or JSON. An unknown resource says nothing, as in Consul; the error is
 * in Consul's words. `at` gives the place of a value, as `1:5`.
 */
export function readRules(text: LocatedMap, at: (value: Located) => string): Result<AclRule[], string> {
  const [acl, ...others] = PLAIN_RESOURCES;
  try {
    // In Consul's order, which decides what it complains of first.
    const rules = [
      ...plainRule(text, acl, at),
      ...NAMED_RESOURCES.flatMap((resource) => [...namedRules(text, resource, false, at), ...namedRules(text, resource, true, at)]),
      ...others.flatMap((resource) => plainRule(text, resource, at)),
    ];
    for (const rule of rules) check(rule);
    return { ok: true, value: rules };
  } catch (error) {
    if (error instanceof BadRules) return { ok: false, error: error.message };
    throw error;
  }
}

/** Leaves the recursion; never seen outside of this file. */
class BadRules extends Error {}

const ACCESS = new Set(['deny', 'read', 'write']);

function plainRule(text: LocatedMap, resource: string, at: (value: Located) => string): AclRule[] {
  const given = named(text, resource).at(-1)?.value;
  if (!given || given.type === 'null') return [];
  const access = scalar(given);
  if (access === undefined) {
    throw new BadRules(
      `Failed to parse ACL rules: At ${at(given.type === 'list' ? (given.items[0] ?? given) : given)}: root.${resource}: unknown type for string ${goNode(given)}`,
    );
  }
  return access === '' ? [] : [{ resource, access }];
}

function namedRules(text: LocatedMap, resource: NamedResource, prefix: boolean, at: (value: Located) => string): AclRule[] {
  const key = prefix ? `${resource}_prefix` : resource;
  const rules: AclRule[] = [];
  for (const { value } of named(text, key)) {
    const blocks = value.type === 'list' ? value.items : [value];
    for (const block of blocks) {
      if (block.type === 'null') continue;
      if (block.type !== 'map') throw new BadRules(`Failed to parse ACL rules: At ${at(block)}: unknown slice type: *ast.LiteralType`);
      for (const { key: name, value: body } of block.entries) {
        for (const one of body.type === 'list' ? body.items : [body]) rules.push(rule(resource, name, prefix, one, at));
      }
    }
  }
  return rules;
}

function rule(resource: NamedResource, name: string, prefix: boolean, body: Located, at: (value: Located) => string): AclRule {
  if (body.type !== 'map') throw new BadRules(`Failed to parse ACL rules: At ${at(body)}: unknown type: ${goNode(body)}`);
  const text = (field: string): string => {
    const given = named(body, field).at(-1)?.value;
    if (!given || given.type === 'null') return '';
    const value = scalar(given);
    if (value !== undefined) return value;
    throw new BadRules(`Failed to parse ACL rules: At ${at(given)}: root.${resource}.${field}: unknown type for string ${goNode(given)}`);
  };
  const intentions = resource === 'service' ? text('intentions') : '';
  return {
    resource,
    name,
    ...(prefix ? { prefix } : {}),
    access: text('policy'),
    ...(intentions === '' ? {} : { intentions }),
  };
}

function check(rule: AclRule): void {
  const key = rule.prefix ? `${rule.resource}_prefix` : rule.resource;
  const shown = rule.name === undefined ? JSON.stringify(rule.access) : goRule(rule);
  const known = ACCESS.has(rule.access) || (rule.resource === 'key' && rule.access === 'list');
  if (!known) throw new BadRules(`Invalid ${key} policy: ${shown}`);
  if (rule.intentions !== undefined && !ACCESS.has(rule.intentions)) throw new BadRules(`Invalid ${key} intentions policy: ${shown}`);
}

/** HCL 1 finds the fields of Go's structs whatever their case. */
const named = (map: LocatedMap, key: string): readonly LocatedEntry[] => map.entries.filter((entry) => entry.key.toLowerCase() === key);

function scalar(value: Located): string | undefined {
  if (value.type === 'string') return value.value;
  return value.type === 'number' ? (value.raw ?? String(value.value)) : undefined;
}

function goNode(value: Located): string {
  if (value.type === 'map') return '*ast.ObjectType';
  if (value.type !== 'list') return '*ast.LiteralType';
  return value.items.every((item) => item.type === 'map') ? '*ast.ObjectList' : '*ast.ListType';
}
