import { createHash } from 'node:crypto';
import type { Snapshot } from '../../catalog/snapshot.ts';
import type { ChangeKey } from '../../catalog/types.ts';
import type { Answer } from './answer.ts';
import { type WaitingApi, type WaitingRequest, waitFor } from './blocking.ts';
import type { Api, ApiRequest } from './endpoint.ts';

/** What an agent's own query found; endpoints of the agent have no index. */
export interface HashedResult<T> {
  readonly value: T;
  readonly watch: readonly ChangeKey[];
}

/** 16 hexadecimal digits that change with a value. Consul's own are other ones; clients only compare them. */
export function contentHash(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(value) ?? '')
    .digest('hex')
    .slice(0, 16);
}

/**
 * A query that blocks on `?hash=`, until what is found has another hash or the wait is over. Answers with
 * X-Consul-Contenthash and without an index; `project` makes the body of the value and its hash.
 */
export async function answerHashed<T>(
  request: WaitingRequest & Pick<ApiRequest, 'query'>,
  mesh: WaitingApi & Pick<Api, 'snapshot'>,
  run: (snapshot: Snapshot) => HashedResult<T>,
  project: (value: T, hash: string) => unknown,
): Promise<Answer> {
  const evaluate = (): HashedResult<T> & { hash: string } => {
    const found = run(mesh.snapshot.value);
    return { ...found, hash: contentHash(found.value) };
  };
  const wanted = request.query.get('hash');
  const first = evaluate();
  const { value, hash } =
    wanted && first.hash === wanted ? await waitFor(request, mesh, first, evaluate, (next) => next.hash !== wanted) : first;
  return { type: 'json', value: project(value, hash), headers: { 'X-Consul-Contenthash': hash } };
}
