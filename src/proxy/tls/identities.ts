import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/ports.ts';
import type { LeafCertificate, TlsParameters } from '../../compile/proxy-config.ts';
import type { VerifiedSession } from './connect.ts';
import { secureOptions, TLS13_CIPHERS } from './parameters.ts';

/** A leaf with the roots of its time: what a sidecar shows and what it trusts. Replaced as a whole, never changed. */
export interface Identity {
  readonly uri: string;
  /** For dialling; one for all connections, and made for the first of them, since that costs 3 ms. */
  readonly context: SecureContext;
  /** For accepting. */
  readonly serverOptions: SecureContextOptions;
  /** By endpoint and expected peer. They die with the identity: after a rotation every peer is judged in full again. */
  readonly sessions: Map<string, VerifiedSession>;
}

/** Leaves and roots of this process. */
export class Identities {
  #roots: readonly string[] = [];
  #leaves = new Map<string, LeafCertificate>();
  /** Undefined: what came can't be used, and the log says so once. */
  #built = new Map<string, LeafIdentity | undefined>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Undefined while the control plane has sent no leaf, or no roots, for it. `tls`: what it offers other than TLS 1.3 alone. */
  get(uri: string, tls?: TlsParameters): Identity | undefined {
    if (!this.#built.has(uri)) {
      const leaf = this.#leaves.get(uri);
      if (!leaf || this.#roots.length === 0) return undefined;
      this.#built.set(uri, this.#build(leaf));
    }
    const built = this.#built.get(uri);
    return tls ? built?.offering(tls) : built;
  }

  /** As it came: for showing it to those who trust other roots. */
  leaf(uri: string): LeafCertificate | undefined {
    return this.#leaves.get(uri);
  }

  /** Connections that are open go on with what they were made with. False when all is as it was. */
  update(leaves: readonly LeafCertificate[], roots: readonly string[] | undefined, full: boolean): boolean {
    let changed = false;
    if (roots && roots.join('\n') !== this.#roots.join('\n')) {
      this.#roots = roots;
      this.#built.clear();
      changed = true;
    }
    const keep = new Set(leaves.map((leaf) => leaf.identity));
    for (const uri of full ? [...this.#leaves.keys()] : []) {
      if (keep.has(uri)) continue;
      this.#forget(uri);
      changed = true;
    }
    for (const leaf of leaves) {
      const old = this.#leaves.get(leaf.identity);
      if (old?.certPem === leaf.certPem && old.keyPem === leaf.keyPem) continue;
      this.#forget(leaf.identity);
      this.#leaves.set(leaf.identity, leaf);
      changed = true;
    }
    return changed;
  }

  /** Leaves and private keys of all others are forgotten. */
  retain(uris: ReadonlySet<string>): void {
    for (const uri of this.#leaves.keys()) if (!uris.has(uri)) this.#forget(uri);
  }

  #forget(uri: string): void {
    this.#leaves.delete(uri);
    this.#built.delete(uri);
  }

  #build(leaf: LeafCertificate): LeafIdentity | undefined {
    try {
      check(leaf, this.#roots);
      return new LeafIdentity(leaf, this.#roots);
    } catch (error) {
      this.#log.log('error', 'certificate not usable', { identity: leaf.identity, reason: messageOf(error) });
      return undefined;
    }
  }
}

const TLS13_ALONE: SecureContextOptions = { minVersion: 'TLSv1.3', ciphers: TLS13_CIPHERS.join(':') };

class LeafIdentity implements Identity {
  readonly uri: string;
  readonly serverOptions: SecureContextOptions;
  readonly sessions = new Map<string, VerifiedSession>();
  readonly #leaf: LeafCertificate;
  readonly #roots: readonly string[];
  #context: SecureContext | undefined;
  /** The same with other parameters, by these. */
  readonly #variants = new Map<string, LeafIdentity>();

  constructor(leaf: LeafCertificate, roots: readonly string[], tls?: TlsParameters) {
    const { identity, certPem: cert, keyPem: key } = leaf;
    this.uri = identity;
    this.#leaf = leaf;
    this.#roots = roots;
    const offered = tls ? secureOptions(tls, 'TLSv1.3') : TLS13_ALONE;
    this.serverOptions = { cert, key, ca: [...roots], ...offered };
  }

  /** Equal parameters, the same identity: its context and its sessions are its own. */
  offering(tls: TlsParameters): LeafIdentity {
    const key = JSON.stringify(tls);
    let variant = this.#variants.get(key);
    if (!variant) {
      variant = new LeafIdentity(this.#leaf, this.#roots, tls);
      this.#variants.set(key, variant);
    }
    return variant;
  }

  get context(): SecureContext {
    this.#context ??= createSecureContext(this.serverOptions);
    return this.#context;
  }
}

/** Throws what making a context of it would, for a twentieth of the price. */
function check({ certPem, keyPem }: LeafCertificate, roots: readonly string[]): void {
  const certificate = new X509Certificate(certPem);
  if (!certificate.checkPrivateKey(createPrivateKey(keyPem))) throw new Error('the key is not that of the certificate');
  for (const root of roots) new X509Certificate(root);
}
