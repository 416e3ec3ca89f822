import { messageOf } from '../../../../base/errors.ts';
import type { Caller } from '../../../agent/local-agent.ts';
import type { AgentAt } from '../../../registration/agent-service.ts';
import { RegistrationRefused } from '../../../registration/refused.ts';
import { HttpError } from '../../answer.ts';
import type { Api, ApiRequest } from '../../endpoint.ts';

/** The node whose agent this API is. */
export const agentAt = (mesh: Api): AgentAt => ({ dc: mesh.datacenter, node: mesh.nodeName });

export const remote = (request: ApiRequest): Caller => ({ acl: request.acl, source: 'remote' });

const STATUS = { invalid: 400, unknown: 404, failed: 500 } as const;

/** What an agent refuses, as the status and the text of an answer. */
export async function agentCall<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof RegistrationRefused) throw new HttpError(STATUS[error.kind], messageOf(error));
    throw error;
  }
}

/** `?enable=true`, which has to be there. */
export function enableOf(query: URLSearchParams): boolean {
  const text = query.get('enable');
  if (!text) throw new HttpError(400, 'Missing value for enable');
  if (/^(1|t|true)$/i.test(text)) return true;
  if (/^(0|f|false)$/i.test(text)) return false;
  throw new HttpError(400, `Invalid value for enable: ${JSON.stringify(text)}`);
}

export const aclsOn = ({ acls }: Api): boolean => acls.enabled;
