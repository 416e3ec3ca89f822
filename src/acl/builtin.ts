import type { AclRule } from '../catalog/acl-rows.ts';
import { formatRules } from './rule.ts';

export const GLOBAL_MANAGEMENT_ID = '00000000-0000-0000-0000-000000000001';
export const GLOBAL_READ_ONLY_ID = '00000000-0000-0000-0000-000000000002';
export const ANONYMOUS_TOKEN = { accessor: '00000000-0000-0000-0000-000000000002', secret: 'anonymous' } as const;

/** Ids that begin so are Consul's own. */
export const RESERVED_PREFIX = '00000000-0000-0000-0000-0000000000';

export interface BuiltinPolicy {
  readonly ID: string;
  readonly Name: string;
  readonly Description: string;
  readonly Rules: string;
  readonly parsed: readonly AclRule[];
}

/** The policies that every cluster has, in the order of their ids. */
export const BUILTIN_POLICIES: readonly BuiltinPolicy[] = [
  {
    ID: GLOBAL_MANAGEMENT_ID,
    Name: 'global-management',
    Description: 'Builtin Policy that grants unlimited access',
    ...everything('write'),
  },
  {
    ID: GLOBAL_READ_ONLY_ID,
    Name: 'builtin/global-read-only',
    Description: 'A policy that grants read-only access to all resources',
    ...everything('read'),
  },
];

/** The version of Consul 1.8, which knew neither mesh nor peering. */
export const GLOBAL_MANAGEMENT_RULES_1_8 = `\n${formatRules(everything('write').parsed.filter(({ resource }) => resource !== 'mesh' && resource !== 'peering'))}`;

function everything(access: 'read' | 'write'): { Rules: string; parsed: AclRule[] } {
  const all = (resource: string): AclRule => ({ resource, name: '', prefix: true, access });
  const parsed: AclRule[] = [
    { resource: 'acl', access },
    all('agent'),
    all('event'),
    all('key'),
    { resource: 'keyring', access },
    all('node'),
    { resource: 'operator', access },
    { resource: 'mesh', access },
    { resource: 'peering', access },
    all('query'),
    { ...all('service'), intentions: access },
    all('session'),
  ];
  return { Rules: `\n${formatRules(parsed)}`, parsed };
}
