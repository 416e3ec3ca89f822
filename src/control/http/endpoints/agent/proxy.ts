import { createHash } from 'node:crypto';
import { until } from '../../../../base/watch.ts';
import type { Service } from '../../../../catalog/types.ts';
import { proxyId } from '../../../../compile/proxy-id.ts';
import { type Answer, HttpError } from '../../answer.ts';
import type { Api, ApiRequest } from '../../endpoint.ts';
import { agentAt } from './parts.ts';

interface ProxyJson {
  /** The data plane has everything that was asked for last. */
  readonly Serving: boolean;
  /** Why not, where the data plane has answered; without one it has not yet. */
  readonly Error?: string;
}

/** With ?hash= it waits until the answer is another one, or the proxy is gone. */
export async function proxy(request: ApiRequest, mesh: Api): Promise<Answer> {
  const [id = ''] = request.params;
  const known = request.query.get('hash');
  const find = (): Service | undefined => mesh.agent.local.service(agentAt(mesh), id);
  const look = (): ReturnType<typeof answerOf> => answerOf(request, mesh, id, find());
  const first = look();
  if (first.headers['X-Consul-Contenthash'] !== known) return first;
  await wait(request, mesh, () => {
    const service = find();
    return !service || hashOf(stateOf(mesh, service)) !== known;
  });
  return look();
}

function answerOf({ acl }: ApiRequest, mesh: Api, id: string, service: Service | undefined) {
  if (!service) throw new HttpError(404, `unknown service ID: ${id}`);
  acl.require('service', 'read', service.Service);
  const value = stateOf(mesh, service);
  return { type: 'json', value, headers: { 'X-Consul-Contenthash': hashOf(value) } } as const satisfies Answer;
}

/** What the acknowledgement of an earlier configuration said does not count: the answer to the newest is still to come. */
function stateOf({ agent, datacenter }: Api, service: Service): ProxyJson {
  const status = agent.traffic.status.value.proxies[proxyId(datacenter, service)];
  if (!status || status.ackedIndex < status.configIndex) return { Serving: false };
  if (status.error !== undefined) return { Serving: false, Error: status.error };
  return { Serving: status.ackedIndex > 0 };
}

const hashOf = (state: ProxyJson): string => createHash('sha256').update(JSON.stringify(state)).digest('hex').slice(0, 16);

/** Resolves when there is news, or the wait of the request is over; rejects with its signal's reason. */
async function wait(request: ApiRequest, mesh: Api, isNews: () => boolean): Promise<void> {
  const { options, signal } = request;
  const leave = request.enterBlocking();
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  try {
    await Promise.race([until(mesh.agent.traffic.status, isNews, either), mesh.clock.sleep(options.waitMs, either)]);
  } finally {
    over.abort();
    leave();
  }
}
