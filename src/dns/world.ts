import type { Authorizer } from '../acl/authorizer.ts';
import type { Instance } from '../catalog/queries.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import type { DnsConfig } from './config.ts';

/** What a prepared query found. */
export interface QueryAnswer {
  readonly instances: readonly Instance[];
  /** Seconds; undefined: those of the service. */
  readonly ttl: number | undefined;
  /** Where they are, after a failover. */
  readonly datacenter: string;
}

/** Everything that an answer is made of. */
export interface DnsWorld {
  readonly snapshot: Snapshot;
  /** Meant where a name says none. */
  readonly datacenter: string;
  /** Node that answers: the domain's name server. */
  readonly node: string;
  readonly config: DnsConfig;
  readonly acl: Pick<Authorizer, 'allows'>;
  /** Addresses of running resources by the names that blueprints give them; undefined for a name of somebody else. */
  hosts(name: string): readonly string[] | undefined;
  /** By name or id; undefined when there is none such. */
  preparedQuery(name: string, dc: string): QueryAnswer | undefined;
  /** In an order that differs from time to time, so that clients who take the first share the load. */
  shuffled<T>(items: readonly T[]): T[];
  /** Seconds since the epoch. */
  readonly now: number;
}
