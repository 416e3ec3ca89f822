/** `GET /v1/mesh/events`: what has happened in the mesh, one JSON object a line, the oldest first; `?follow` goes on. The last 1,000 are kept. */
export interface MeshEvent {
  /** Grows by one: `?after=` begins behind one. */
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly kind: EventKind;
  /** What it is about: `payments`, `service-splitter/payments`, `web => payments`, `container.web`. */
  readonly subject: string;
  /** One sentence. */
  readonly text: string;
  readonly level: 'info' | 'warn' | 'error';
  /** Further facts by name. */
  readonly data?: Readonly<Record<string, string | number | boolean>>;
}

/**
 * config: an entry was written or deleted; intention: the same of who may call whom; service: an instance came or went; health: a
 * check changed; sidecar: one serves another configuration, or can't; denied: a call was refused; certificate: a leaf or root was
 * issued; workload: a program started or ended; blueprint: one was applied or destroyed; agent: it started, the data plane came or went.
 */
export type EventKind = (typeof EVENT_KINDS)[number];

export const EVENT_KINDS = [
  'config',
  'intention',
  'service',
  'health',
  'sidecar',
  'denied',
  'certificate',
  'workload',
  'blueprint',
  'agent',
] as const;
