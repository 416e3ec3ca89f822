import type { ApiClient } from './client.ts';
import { parseJson } from './json.ts';

/** What commands look at in an agent's account of itself. */
export interface AgentSelf {
  readonly Config: { readonly NodeName: string; readonly Datacenter: string };
  readonly Meta?: Readonly<Record<string, string>>;
  readonly Stats?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Rejects with an Error. */
export const agentSelf = (api: ApiClient): Promise<AgentSelf> => api.expectOk('GET', '/v1/agent/self').then(parseJson<AgentSelf>);
