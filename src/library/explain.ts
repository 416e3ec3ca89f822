import type { ExplainRequest } from '../api/explanation.ts';
import { MeshError } from '../base/errors.ts';
import { httpCall } from './http-call.ts';
import type { ExplainOptions, Explanation } from './types.ts';

/** Asks the API of the mesh. Rejects with a MeshError that holds its answer. */
export async function explain(address: string, from: string, to: string, { method, path, headers }: ExplainOptions): Promise<Explanation> {
  const asked = method !== undefined || path !== undefined || headers !== undefined;
  const request = { method: (method ?? 'GET').toUpperCase(), path: path ?? '/', headers: Object.entries(headers ?? {}) };
  const body: ExplainRequest = { source: from, destination: to, ...(asked ? { request } : {}) };
  const response = await httpCall(`${address}/v1/mesh/explain`, { method: 'POST', body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new MeshError(response.status < 500 ? 'usage' : 'failed', text.trim() || `the agent answered ${response.status}`);
  return JSON.parse(text) as Explanation;
}
