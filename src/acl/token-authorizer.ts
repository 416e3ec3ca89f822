import { type AclAccess, type AclResource, type Authorizer, PermissionDenied } from './authorizer.ts';
import { PLAIN_RESOURCES } from './rule.ts';
import type { Decision, RuleSet } from './rule-set.ts';

const PLAIN: ReadonlySet<string> = new Set(PLAIN_RESOURCES);

/** Resources that came later: whoever may operate the cluster may do these, unless it is said. */
const LATER: ReadonlySet<string> = new Set(['mesh', 'peering']);

const ANONYMOUS_ACCESSOR = '00000000-0000-0000-0000-000000000002';

export interface TokenAuthorizerOptions {
  readonly rules: RuleSet;
  /** What counts where no rule speaks. */
  readonly defaultPolicy: 'allow' | 'deny';
  /** Accessor id, for the message. */
  readonly accessor: string;
  /** Consul 1.8 says `Permission denied` and nothing more. */
  readonly terse: boolean;
}

/** What the rules of one token allow. */
export class TokenAuthorizer implements Authorizer {
  readonly unrestricted: boolean = false;
  readonly #options: TokenAuthorizerOptions;

  constructor(options: TokenAuthorizerOptions) {
    this.#options = options;
  }

  allows(resource: AclResource, access: AclAccess, name?: string): boolean {
    return this.#resolve(this.#decide(resource, access, name));
  }

  allowsAll(resource: AclResource, access: AclAccess, prefix = ''): boolean {
    const named = this.#options.rules.named(resource);
    return this.#resolve(named?.decideAll(prefix, access));
  }

  allowsAny(resource: AclResource, access: AclAccess): boolean {
    const named = this.#options.rules.named(resource);
    return named?.grantsAny(access) === true || this.allowsAll(resource, access);
  }

  filter<T>(items: readonly T[], allowed: (item: T) => boolean): readonly T[] {
    return items.filter(allowed);
  }

  require(resource: AclResource, access: AclAccess, name?: string): void {
    if (this.allows(resource, access, name)) return;
    const { accessor, terse } = this.#options;
    throw new PermissionDenied(terse ? undefined : deniedText(accessor, resource, access, name));
  }

  #decide(resource: AclResource, access: AclAccess, name: string | undefined): Decision {
    const { rules } = this.#options;
    if (PLAIN.has(resource)) return rules.plain(resource, access) ?? (LATER.has(resource) ? rules.plain('operator', access) : undefined);
    const named = rules.named(resource);
    // Intentions of every service: to see them needs one service, to change them needs all.
    if (resource === 'intention' && name === '*') return access === 'read' ? this.#anyIntention() : named?.decideAll('', access);
    return named?.decide(name ?? '', access);
  }

  #anyIntention(): Decision {
    const named = this.#options.rules.named('intention');
    return named?.grantsAny('read') ? 'allow' : named?.decideAll('', 'read');
  }

  #resolve(decision: Decision): boolean {
    return (decision ?? this.#options.defaultPolicy) === 'allow';
  }
}

function deniedText(accessor: string, resource: string, access: string, name: string | undefined): string {
  const anonymous = accessor === ANONYMOUS_ACCESSOR;
  const who = anonymous ? 'anonymous token' : `token with AccessorID '${accessor}'`;
  const what = name ? ` on ${JSON.stringify(name)}` : '';
  const why = anonymous ? '. The anonymous token is used implicitly when a request does not specify a token.' : '';
  return `Permission denied: ${who} lacks permission '${resource}:${access}'${what}${why}`;
}
