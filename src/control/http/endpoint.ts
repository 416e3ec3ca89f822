import type { IncomingHttpHeaders } from 'node:http';
import type { Authorizer } from '../../acl/authorizer.ts';
import type { Clock, Random } from '../../base/ports.ts';
import type { Watch } from '../../base/watch.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import type { Op } from '../../catalog/types.ts';
import type { Filter } from '../../filter/compile.ts';
import type { Shape } from '../../filter/shape.ts';
import type { Root } from '../../pki/root.ts';
import type { Acls } from '../acl/acls.ts';
import type { AgentServices } from '../agent/services.ts';
import type { Tuning } from '../agent/tuning.ts';
import type { Authority } from '../ca/authority.ts';
import type { Compat } from '../compatibility.ts';
import type { UserEvents } from '../events.ts';
import type { Peerings } from '../peering/peerings.ts';
import type { Committed } from '../registry.ts';
import type { SessionTimers } from '../sessions.ts';
import type { WaitHub } from '../wait-hub.ts';
import type { Answer } from './answer.ts';
import type { BodyLimit } from './body.ts';
import type { Dashboard } from './dashboard.ts';
import type { QueryOptions } from './query-options.ts';
import type { RequestBudget } from './request-budget.ts';

export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

/** One row of the API: see `endpoints/table.ts`. */
export interface Endpoint {
  readonly method: Method;
  /** `/v1/health/service/:service`; the last parameter takes the rest of the path. */
  readonly path: string;
  /** One sentence for the reference page. */
  readonly doc: string;
  /** For the reference page: which rights it needs where ACLs are on (`service:read`, `operator:write`), or `none`. */
  readonly acl: string;
  /** What `?filter=` may select by; without one it is refused: a list that is not narrowed would be a wrong answer. */
  readonly filter?: Shape;
  /** Where its body may be larger than others, or its limit has a name in Consul's configuration. */
  readonly body?: BodyLimit;
  /** Its answer follows from the path, the query and the snapshot alone, so that one that was made can be sent again. */
  readonly pure?: true;
  /** It changes nothing though its method could: pages of this agent may ask it without the token that writes need. */
  readonly readsOnly?: true;
  /** Consul's agents cache it: `?cached` is answered with X-Cache and Age. */
  readonly agentCache?: true;
  handle(request: ApiRequest, mesh: Api): Answer | Promise<Answer>;
}

export interface ApiRequest {
  readonly method: Method;
  /** Decoded. */
  readonly params: readonly string[];
  readonly query: URLSearchParams;
  readonly options: QueryOptions;
  /** Of `?filter=`; undefined when there is none, so that nobody shapes items only to take them all. */
  readonly filter: Filter | undefined;
  readonly headers: IncomingHttpHeaders;
  /** The whole body; empty when there is none. */
  readonly bytes: Buffer;
  /** The same, read as UTF-8. */
  readonly body: string;
  /** Of `?token=`, X-Consul-Token or Authorization; empty when there is none. Secret. */
  readonly token: string;
  /** What that token may do. */
  readonly acl: Authorizer;
  /** IP address of the client; empty on a Unix socket. */
  readonly remoteAddress: string;
  /** Aborted when the client goes away or the server closes. */
  readonly signal: AbortSignal;
  /** Counts a query that waits, until the returned function is called. Throws a 429 when the client has too many. */
  enterBlocking(): () => void;
}

/** What endpoints may use of the control plane. */
export interface Api {
  readonly snapshot: Watch<Snapshot>;
  /** Wakes those who wait for a change of what they have asked for. */
  readonly changes: WaitHub;
  /** Durable before it resolves. Rejects with a `WriteRefused` when the result would be inconsistent. */
  commit(ops: readonly Op[]): Promise<Committed>;
  /** Whose JSON and texts are answered where Consul's versions differ. */
  readonly compat: Compat;
  readonly acls: Acls;
  readonly datacenter: string;
  readonly nodeName: string;
  readonly nodeId: string;
  readonly trustDomain: string;
  readonly ca: Authority;
  /** The active root first. */
  roots(): readonly Root[];
  readonly events: UserEvents;
  /** What is behind `/v1/agent`. */
  readonly agent: AgentServices;
  readonly tuning: Tuning;
  /** What all clients together may ask for. */
  readonly requests: RequestBudget;
  /** TTLs and lock-delays. */
  readonly sessions: SessionTimers;
  readonly peerings: Peerings;
  /** Undefined: there are only the pages without scripts, and no page may write. */
  readonly dashboard: Dashboard | undefined;
  readonly clock: Clock;
  readonly random: Random;
  /** Version of this program. */
  readonly version: string;
  /** `host:port` that the API listens on. */
  readonly address: string;
}
