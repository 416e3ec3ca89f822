import { ALLOW_ALL, type Authorizer, PermissionDenied } from '../../acl/authorizer.ts';
import { ANONYMOUS_TOKEN } from '../../acl/builtin.ts';
import { RuleSet } from '../../acl/rule-set.ts';
import { TokenAuthorizer } from '../../acl/token-authorizer.ts';
import type { Clock, Log, Random } from '../../base/ports.ts';
import type { Watch } from '../../base/watch.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import type { Op } from '../../catalog/types.ts';
import type { Compat } from '../compatibility.ts';
import type { Committed } from '../registry.ts';
import { AgentTokens } from './agent-tokens.ts';
import { AuthMethods } from './auth-methods.ts';
import { ensureFirstRows } from './first-rows.ts';
import { Reaper } from './reaper.ts';
import { RequestAuthorizer } from './request-authorizer.ts';
import { TokenResolver } from './resolver.ts';
import { type AclSettings, intentionDefault } from './settings.ts';
import { AclStore } from './store.ts';

export interface AclsOptions {
  /** Folder for kept tokens and the permission to bootstrap again; undefined: everything is in memory. */
  readonly dir: string | undefined;
  readonly settings: AclSettings;
  readonly snapshot: Watch<Snapshot>;
  commit(ops: readonly Op[]): Promise<Committed>;
  /** Whose tables hold the tokens of all datacenters. */
  readonly primary: string;
  readonly compat: Compat;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** There is not even an anonymous token. */
const NOBODY: Authorizer = new TokenAuthorizer({ rules: new RuleSet([]), defaultPolicy: 'deny', accessor: '', terse: true });

/** ACLs of the control plane: what endpoints and the server ask. */
export class Acls implements AsyncDisposable {
  readonly settings: AclSettings;
  readonly store: AclStore;
  readonly tokens: AgentTokens;
  readonly methods: AuthMethods;
  /** Folder of its files, if it has any. */
  readonly dir: string | undefined;
  readonly #resolver: TokenResolver;
  readonly #reaper: Reaper | undefined;

  private constructor(options: AclsOptions, tokens: AgentTokens) {
    const { settings, snapshot, clock, primary, compat, dir } = options;
    this.settings = settings;
    this.tokens = tokens;
    this.dir = dir;
    this.store = new AclStore(options);
    this.methods = new AuthMethods(this.store, clock, compat);
    this.#resolver = new TokenResolver({ snapshot, clock, settings, tokens, primary, compat });
    this.#reaper = settings.enabled ? new Reaper({ store: this.store, snapshot, clock, log: options.log }) : undefined;
  }

  static async open(options: AclsOptions): Promise<Acls> {
    const { settings, dir, log } = options;
    const { initialManagement, ...configured } = settings.tokens;
    const acls = new Acls(options, await AgentTokens.open(settings.enableTokenPersistence ? dir : undefined, configured, log));
    if (settings.enabled) await ensureFirstRows(acls.store, initialManagement);
    return acls;
  }

  get enabled(): boolean {
    return this.settings.enabled;
  }

  /** What decides for connections that no intention speaks of. */
  get intentionDefault(): 'allow' | 'deny' {
    return intentionDefault(this.settings);
  }

  /** What the bearer of a secret may do, in this datacenter. Throws a `PermissionDenied` when it is no token. */
  authorizer(secret: string, dc: string, nodeName: string): Authorizer {
    return this.enabled ? this.#resolver.authorizer(secret, dc, nodeName) : ALLOW_ALL;
  }

  /** The same for a request, which need not have a valid token as long as it asks for no right. */
  forRequest(secret: string, dc: string, nodeName: string): RequestAuthorizer | typeof ALLOW_ALL {
    return this.enabled ? new RequestAuthorizer(() => this.#resolver.authorizer(secret, dc, nodeName)) : ALLOW_ALL;
  }

  /** Of questions by DNS, which show no token: that of the agent for DNS, else its default, else the anonymous one. */
  forDns(dc: string, nodeName: string): Authorizer {
    for (const secret of [this.tokens.value.dns, this.tokens.value.default, ANONYMOUS_TOKEN.secret]) {
      if (secret === undefined) continue;
      try {
        return this.authorizer(secret, dc, nodeName);
      } catch (error) {
        // Deleted or expired: the next one has fewer rights.
        if (!(error instanceof PermissionDenied)) throw error;
      }
    }
    return NOBODY;
  }

  /** X-Consul-Results-Filtered-By-Acls: who has shown no token is not told that there is more. */
  tells(secret: string, acl: Authorizer): boolean {
    const anonymous = (secret || (this.tokens.value.default ?? '')) === '' || secret === ANONYMOUS_TOKEN.secret;
    return acl instanceof RequestAuthorizer && acl.filtered && !anonymous;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reaper?.[Symbol.asyncDispose]();
  }
}
