import type { Random } from '../base/ports.ts';

/** Consul starts every leaf a minute in the past, so that a peer whose clock is behind accepts it. */
export const CLOCK_SKEW_MS = 60_000;

export interface Validity {
  /** Milliseconds since the epoch, whole seconds. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** Certificates count in seconds: what is returned is exactly what they say. */
export function validity(fromMs: number, ttlMs: number): Validity {
  const notBefore = Math.floor(fromMs / 1000) * 1000;
  return { notBefore, notAfter: notBefore + Math.floor(ttlMs / 1000) * 1000 };
}

/** When to renew: at a random moment between 60 % and 90 % of the lifetime, so that sidecars started together don't renew together. */
export function renewAt(notBefore: number, notAfter: number, random: Pick<Random, 'next'>): number {
  return Math.floor(notBefore + (notAfter - notBefore) * (0.6 + 0.3 * random.next()));
}
