import type { QueryResult } from '../../catalog/queries.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import type { ChangeKey } from '../../catalog/types.ts';
import { type Answer, HttpError, json, type QueryMeta } from './answer.ts';
import type { Api, ApiRequest } from './endpoint.ts';

/**
 * Runs a query, and when the client gave an index, runs it again after each change of what it watches until the answer's own
 * index is above it, or the wait is over; then it answers what there is, as Consul does. An index from the future therefore
 * blocks for the whole wait, and the client sees it go backwards.
 */
export async function blockingQuery<T>(
  request: ApiRequest,
  mesh: Api,
  run: (snapshot: Snapshot, dc: string) => QueryResult<T>,
): Promise<QueryResult<T>> {
  const { dc, index } = request.options;
  requireDatacenter(mesh, dc);
  const evaluate = (): QueryResult<T> => run(mesh.snapshot.value, dc);
  const first = evaluate();
  if (index === 0 || first.index > index) return first;
  return waitFor(request, mesh, first, evaluate, (next) => next.index > index);
}

/** What waiting needs of a request, and of the control plane. */
export type WaitingRequest = Pick<ApiRequest, 'options' | 'signal' | 'enterBlocking'>;
export type WaitingApi = Pick<Api, 'changes' | 'clock' | 'random'>;

/**
 * Runs `evaluate` again after each change that `watch` of its last result names, until `accept` takes one or the wait of the
 * request is over: then the last one counts. Throws a 429 when more clients wait than may, and the signal's reason.
 */
export async function waitFor<R extends { readonly watch: readonly ChangeKey[] }>(
  request: WaitingRequest,
  mesh: WaitingApi,
  first: R,
  evaluate: () => R,
  accept: (result: R) => boolean,
): Promise<R> {
  const leave = request.enterBlocking();
  const { signal, options } = request;
  const { waitMs } = options;
  // The jitter keeps watchers that began together from asking again together.
  const jitterMs = mesh.random.next() * (waitMs / 16);
  const timer = new AbortController();
  try {
    return await new Promise<R>((resolve, reject) => {
      const waiting = mesh.changes.wait(first.watch, () => {
        try {
          const next = evaluate();
          if (accept(next)) resolve(next);
          else waiting.watch(next.watch);
        } catch (error) {
          reject(error);
        }
      });
      timer.signal.addEventListener('abort', () => waiting.stop(), { once: true });
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      mesh.clock
        .sleep(waitMs + jitterMs, timer.signal)
        .then(() => resolve(evaluate()))
        .catch(reject);
    });
  } finally {
    timer.abort(OVER);
    leave();
  }
}

/** A reason of our own: the one that Node makes costs more than the rest of a query. */
const OVER = new Error('the wait is over');

/** A blocking query whose value goes out as it is, or through `project`. */
export async function answerQuery<T>(
  request: ApiRequest,
  mesh: Api,
  run: (snapshot: Snapshot, dc: string) => QueryResult<T>,
  project: (value: T) => unknown = (value) => value,
): Promise<Answer> {
  const { value, index } = await blockingQuery(request, mesh, run);
  return json(project(value), { index });
}

/** The same, with X-Consul-Effective-Consistency: catalog, health and discovery chain have it, config and intentions don't. */
export async function answerConsistentQuery<T>(
  request: ApiRequest,
  mesh: Api,
  run: (snapshot: Snapshot, dc: string) => QueryResult<T>,
  project: (value: T) => unknown = (value) => value,
): Promise<Answer> {
  const { value, index } = await blockingQuery(request, mesh, run);
  return json(project(value), { index, consistency: request.options.consistency });
}

export function requireDatacenter(mesh: Api, dc: string): void {
  if (dc === mesh.datacenter || mesh.snapshot.value.datacenters.get(dc)) return;
  const meta: QueryMeta = { index: 1 };
  throw new HttpError(500, 'No path to datacenter', { meta, headers: { 'X-Consul-Knownleader': 'false' } });
}
