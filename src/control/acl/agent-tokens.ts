import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, systemCode } from '../../base/errors.ts';
import type { Log } from '../../base/ports.ts';
import type { AgentTokenSet } from './settings.ts';

export type AgentTokenKind = keyof AgentTokenSet;

/** Consul's names of the kinds, older ones too, in `PUT /v1/agent/token/:kind`. */
const KINDS: Readonly<Record<string, AgentTokenKind>> = {
  acl_token: 'default',
  default: 'default',
  acl_agent_token: 'agent',
  agent: 'agent',
  acl_agent_master_token: 'agentRecovery',
  agent_master: 'agentRecovery',
  agent_recovery: 'agentRecovery',
  acl_replication_token: 'replication',
  replication: 'replication',
  config_file_service_registration: 'configFileServiceRegistration',
  dns: 'dns',
};

export function agentTokenKind(name: string): AgentTokenKind | undefined {
  return Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
}

/** The tokens that the agent itself uses: as configured, and as set since then. */
export class AgentTokens {
  readonly #file: string | undefined;
  #value: AgentTokenSet;
  #set: AgentTokenSet;
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: string | undefined, configured: AgentTokenSet, set: AgentTokenSet) {
    this.#file = file;
    this.#set = set;
    // Consul: what was set and kept is stronger than what the files say.
    this.#value = { ...configured, ...set };
  }

  /** `dir`: where they are kept; undefined: nowhere. A file that can't be read is reported, and counts as absent. */
  static async open(dir: string | undefined, configured: AgentTokenSet, log: Log): Promise<AgentTokens> {
    const file = dir === undefined ? undefined : join(dir, 'acl-tokens.json');
    return new AgentTokens(file, configured, file === undefined ? {} : await readKept(file, log));
  }

  get value(): AgentTokenSet {
    return this.#value;
  }

  /** What the files say now. As in Consul, what was set is stronger only where it is kept. */
  configure(configured: AgentTokenSet): void {
    if (this.#file === undefined) this.#set = {};
    this.#value = { ...configured, ...this.#set };
  }

  /** Resolves when it is kept, where tokens are kept. An empty token takes it away. */
  async set(kind: AgentTokenKind, token: string): Promise<void> {
    this.#value = withToken(this.#value, kind, token);
    this.#set = withToken(this.#set, kind, token);
    const { default: fallback, ...others } = this.#set;
    const text = JSON.stringify({ ...(fallback === undefined ? {} : { default: fallback }), ...others });
    const file = this.#file;
    if (file === undefined) return;
    const written = this.#writing.then(() => writeFile(file, text, { mode: 0o600 }));
    this.#writing = written.catch(() => undefined);
    await written;
  }
}

function withToken(tokens: AgentTokenSet, kind: AgentTokenKind, token: string): AgentTokenSet {
  const { [kind]: _, ...others } = tokens;
  return token === '' ? others : { ...others, [kind]: token };
}

async function readKept(file: string, log: Log): Promise<AgentTokenSet> {
  try {
    const kept: unknown = JSON.parse(await readFile(file, 'utf8'));
    const kinds = new Set<string>(Object.values(KINDS));
    const entries = Object.entries(kept ?? {}).filter(([kind, token]) => kinds.has(kind) && typeof token === 'string' && token !== '');
    return Object.fromEntries(entries) as AgentTokenSet;
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') log.log('error', 'the kept tokens can not be read', { file, error: messageOf(error) });
    return {};
  }
}
