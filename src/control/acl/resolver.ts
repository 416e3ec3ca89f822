import { type Authorizer, PermissionDenied } from '../../acl/authorizer.ts';
import { ANONYMOUS_TOKEN } from '../../acl/builtin.ts';
import { expandToken, rulesIn } from '../../acl/grants.ts';
import { RuleSet } from '../../acl/rule-set.ts';
import { TokenAuthorizer } from '../../acl/token-authorizer.ts';
import type { Clock } from '../../base/ports.ts';
import type { Watch } from '../../base/watch.ts';
import { aclIndex, aclRow, tokenBySecret } from '../../catalog/acl.ts';
import type { AclRule, AclToken } from '../../catalog/acl-rows.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import type { Compat } from '../compatibility.ts';
import type { AgentTokens } from './agent-tokens.ts';
import type { AclSettings } from './settings.ts';

export interface ResolverOptions {
  readonly snapshot: Watch<Snapshot>;
  readonly clock: Clock;
  readonly settings: AclSettings;
  readonly tokens: AgentTokens;
  /** Whose tables hold the tokens of all datacenters. */
  readonly primary: string;
  readonly compat: Compat;
}

interface Resolved {
  readonly authorizer: Authorizer;
  readonly token: AclToken | undefined;
}

/** From the secret of a request to what its bearer may do. What was resolved is kept until the ACL tables change. */
export class TokenResolver {
  readonly #options: ResolverOptions;
  readonly #known = new Map<string, Resolved>();
  #knownAt = -1;

  constructor(options: ResolverOptions) {
    this.#options = options;
  }

  /** Throws a `PermissionDenied` for a secret that is no token, or none any more. `dc` is where the rights are used. */
  authorizer(secret: string, dc: string, nodeName: string): Authorizer {
    const { snapshot, primary, tokens, clock } = this.#options;
    const index = aclIndex(snapshot.value, primary);
    if (index !== this.#knownAt) this.#known.clear();
    this.#knownAt = index;
    const used = secret === '' ? (tokens.value.default ?? ANONYMOUS_TOKEN.secret) : secret;
    if (used === tokens.value.agentRecovery) return this.#build(recoveryRules(nodeName), 'agent-recovery');
    const key = `${dc}\u0000${used}`;
    const known = this.#known.get(key) ?? this.#resolve(used, dc);
    if (known.token && isExpired(known.token, clock.now())) throw this.#notFound();
    this.#known.set(key, known);
    return known.authorizer;
  }

  #resolve(secret: string, dc: string): Resolved {
    const { snapshot, primary } = this.#options;
    const token = tokenBySecret(snapshot.value, primary, secret);
    if (!token) throw this.#notFound();
    return { token, authorizer: this.#build(rulesIn(dc, expandToken(snapshot.value, primary, token)), token.AccessorID) };
  }

  #build(rules: readonly AclRule[], accessor: string): Authorizer {
    const { settings, compat } = this.#options;
    return new TokenAuthorizer({ rules: new RuleSet(rules), defaultPolicy: settings.defaultPolicy, accessor, terse: compat === '1.8' });
  }

  #notFound(): PermissionDenied {
    const { snapshot, primary, compat } = this.#options;
    if (compat === '1.8') return new PermissionDenied('ACL not found');
    const ready = aclRow(snapshot.value, primary, 'aclBootstrap', '') !== undefined;
    const why = ready ? '' : 'ACL system must be bootstrapped before making any requests that require authorization: ';
    return new PermissionDenied(`${why}ACL not found`);
  }
}

/** Tokens end on the moment, whether the reaper has come by or not. */
export function isExpired(token: { readonly ExpirationTime?: string }, now: number): boolean {
  return token.ExpirationTime !== undefined && Date.parse(token.ExpirationTime) <= now;
}

/** Consul's token for emergencies: this agent, and a look at the nodes. */
function recoveryRules(nodeName: string): AclRule[] {
  return [
    { resource: 'agent', name: nodeName, access: 'write' },
    { resource: 'node', name: '', prefix: true, access: 'read' },
  ];
}
