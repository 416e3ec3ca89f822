import { messageOf } from '../../../../base/errors.ts';
import type { ApiClient } from '../../client.ts';
import { Failure } from '../../command.ts';
import { parseJson } from '../../json.ts';
import type { ProxyService } from './answers.ts';
import type { Surroundings } from './follow.ts';

/** As Consul's own proxy: it says that it is alive more often than it has to. */
const TTL = '30s';
const BEAT_MS = 10_000;

/** The id of the one proxy that is registered as the sidecar of a service. Throws a Failure in Consul's words. */
export async function sidecarIdOf(service: string, api: ApiClient): Promise<string> {
  const services = parseJson<Record<string, { ID: string; Kind?: string; Proxy?: { DestinationServiceID?: string } }>>(
    await api.expectOk('GET', '/v1/agent/services'),
  );
  const ids = Object.values(services).flatMap(({ ID, Kind, Proxy: about }) =>
    Kind === 'connect-proxy' && about?.DestinationServiceID?.toLowerCase() === service.toLowerCase() ? [ID] : [],
  );
  if (ids.length === 1) return ids[0]!;
  if (ids.length === 0) throw new Failure(`No sidecar proxy registered for ${service}`);
  throw new Failure(
    `More than one sidecar proxy registered for ${service}.\n    Start proxy with -proxy-id and one of the following IDs: ${ids.toSorted().join(', ')}`,
  );
}

/** Keeps a proxy registered until it is told to stop; then it is registered no longer. `api` outlives that. */
export async function stayRegistered(proxy: ProxyService, { api, clock, log, signal }: Surroundings): Promise<void> {
  const checkId = `${proxy.ID}-ttl`;
  let registered = false;
  while (!signal.aborted) {
    try {
      if (!registered) await api.expectOk('PUT', '/v1/agent/service/register', { body: definitionOf(proxy, checkId) });
      const beat = await api.send('PUT', `/v1/agent/check/pass/${encodeURIComponent(checkId)}`);
      // An agent that was started anew does not know of it.
      registered = beat.status === 200;
    } catch (error) {
      log.log('warn', 'the proxy could not be registered', { reason: messageOf(error) });
      registered = false;
    }
    await clock.sleep(registered ? BEAT_MS : 1000, signal).catch(() => undefined);
  }
  await api
    .expectOk('PUT', `/v1/agent/service/deregister/${encodeURIComponent(proxy.ID)}`, { timeoutMs: 2000 })
    .catch((error: unknown) => log.log('warn', 'the proxy is still registered', { reason: messageOf(error) }));
}

function definitionOf({ ID, Service, Kind, Address, Port, Proxy: about }: ProxyService, checkId: string): object {
  const { DestinationServiceName, Config } = about;
  const check = { CheckID: checkId, Name: 'Built-in proxy', Notes: 'The proxy says that it is alive.', TTL, Status: 'passing' };
  return { ID, Name: Service, Kind, Address, Port, Proxy: { DestinationServiceName, Config: Config ?? {} }, Checks: [check] };
}
