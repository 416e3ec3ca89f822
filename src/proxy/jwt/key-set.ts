import { readFile } from 'node:fs/promises';
import type { CryptoKey, JWK } from 'jose';
import { messageOf } from '../../base/errors.ts';
import type { JwtProvider, RemoteKeys } from '../../compile/proxy-config.ts';
import { FAULTS, type TokenFault } from '../../matching/token-fault.ts';
import type { Abroad } from '../environment.ts';
import { fetchKeySet } from './fetch.ts';

/** A fetch that has failed isn't tried again before this. Envoy: failed_refetch_duration. */
const AFTER_FAILURE_MS = 1_000;
/** A token with a key that isn't known may be of one that is new; but not every such token is worth a fetch. */
const AFTER_UNKNOWN_KEY_MS = 10_000;
/** Keys are fetched again in the background before they are too old to be used. */
const EARLY = 0.8;

export interface Keys {
  readonly jwks: readonly JWK[];
  /** By algorithm and JWK. */
  readonly imported: Map<string, CryptoKey | Uint8Array>;
}

/** The keys of a provider: given, read from a file, or fetched and kept for their time. */
export class KeySet {
  readonly #source: JwtProvider['keys'];
  readonly #name: string;
  readonly #env: Abroad;
  #keys: Keys | undefined;
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #failedAt = Number.NEGATIVE_INFINITY;
  #fault: TokenFault = FAULTS.fetch;
  #loading: Promise<Keys | TokenFault> | undefined;

  /** Begins to read or fetch at once, so that the first request need not wait. */
  constructor({ name, keys }: JwtProvider, env: Abroad) {
    this.#name = name;
    this.#source = keys;
    this.#env = env;
    void this.current();
  }

  /** Never rejects. */
  current(): Promise<Keys | TokenFault> | Keys | TokenFault {
    const now = this.#env.clock.now();
    const keys = this.#keys;
    if (!('uri' in this.#source)) return keys ?? this.#load();
    const age = now - this.#fetchedAt;
    if (keys && age < this.#source.cacheMs) {
      if (age > this.#source.cacheMs * EARLY && now - this.#failedAt > AFTER_FAILURE_MS) void this.#load();
      return keys;
    }
    return now - this.#failedAt <= AFTER_FAILURE_MS ? this.#fault : this.#load();
  }

  /** For a token that none of the keys is of: newer ones, if it is time to look for them. */
  newer(): Promise<Keys | TokenFault> | undefined {
    const now = this.#env.clock.now();
    const tooSoon = now - this.#fetchedAt < AFTER_UNKNOWN_KEY_MS || now - this.#failedAt <= AFTER_FAILURE_MS;
    return 'uri' in this.#source && !tooSoon ? this.#load() : undefined;
  }

  /** One at a time. */
  #load(): Promise<Keys | TokenFault> {
    this.#loading ??= this.#read().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #read(): Promise<Keys | TokenFault> {
    const source = this.#source;
    let text: string;
    try {
      if ('jwks' in source) text = source.jwks;
      else text = 'uri' in source ? await this.#fetch(source) : await readFile(source.file, 'utf8');
    } catch (error) {
      return this.#failed('uri' in source ? FAULTS.fetch : FAULTS.keys, messageOf(error));
    }
    const jwks = parseKeySet(text);
    if (!jwks) return this.#failed(FAULTS.keys, 'that is no JSON with a list "keys"');
    this.#fetchedAt = this.#env.clock.now();
    this.#keys = { jwks, imported: new Map() };
    return this.#keys;
  }

  async #fetch(source: RemoteKeys): Promise<string> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await fetchKeySet(source, this.#env.publicRoots);
      } catch (error) {
        if (attempt >= source.retries) throw error;
        await this.#env.clock.sleep(Math.min(source.backOffMs * 2 ** attempt, source.maxBackOffMs));
      }
    }
  }

  #failed(fault: TokenFault, reason: string): TokenFault {
    this.#failedAt = this.#env.clock.now();
    this.#fault = fault;
    this.#env.log.log('warn', 'key set not usable', { provider: this.#name, reason });
    return fault;
  }
}

function parseKeySet(text: string): readonly JWK[] | undefined {
  try {
    const { keys } = JSON.parse(text) as { keys?: unknown };
    return Array.isArray(keys) ? keys.filter((key): key is JWK => typeof key === 'object' && key !== null) : undefined;
  } catch {
    return undefined;
  }
}
