import type { Socket } from 'node:net';
import type { HttpTarget } from '../http/service.ts';
import type { EndpointStats } from '../observe/endpoint-stats.ts';

/** What is behind the mesh's side of a service. */
export interface Backend<Config> {
  readonly service: string;
  /** What became of calls to it, unless a cluster counts them. */
  readonly stats?: EndpointStats;
  update(config: Config): void;
  /** A connection for bytes. Rejects with why there is none. */
  dial(): Promise<Socket>;
  /** One request's way. */
  target(): HttpTarget;
  close(): void;
}
