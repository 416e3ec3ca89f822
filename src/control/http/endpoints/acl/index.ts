import type { Endpoint } from '../../endpoint.ts';
import { auth } from './auth.ts';
import { aclLegacy } from './legacy.ts';
import { policies } from './policies.ts';
import { roles } from './roles.ts';
import { aclSystem } from './system.ts';
import { tokens } from './tokens.ts';

export const acl: readonly Endpoint[] = [...aclSystem, ...tokens, ...policies, ...roles, ...auth, ...aclLegacy];
