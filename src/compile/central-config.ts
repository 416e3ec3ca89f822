import type { Instance } from '../catalog/queries.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import type { Service, ServiceProxy } from '../catalog/types.ts';
import { proxyDefaultsOf, serviceDefaultsOf } from './protocol.ts';
import { withUpstreamConfig } from './upstream-settings.ts';

/** What central configuration says of a proxy, wherever it says it. */
type Central = Partial<Pick<ServiceProxy, 'Mode' | 'MeshGateway' | 'Expose' | 'TransparentProxy' | 'AccessLogs'>>;

/**
 * A proxy or gateway as it is with proxy-defaults and service-defaults put in, each weaker than the next and all weaker than the
 * registration (Consul's `merge-central-config`). Anything else stays as it is.
 */
export function withCentralConfig(s: Snapshot, dc: string, instance: Instance): Instance {
  const { service } = instance;
  if (service.Kind === '') return instance;
  return { ...instance, service: merged(s, dc, service) };
}

function merged(s: Snapshot, dc: string, service: Service): Service {
  const proxy = service.Proxy ?? EMPTY;
  const defaults = proxyDefaultsOf(s, dc);
  const own = serviceDefaultsOf(s, dc, service.Kind === 'connect-proxy' ? proxy.DestinationServiceName : service.Service);
  const [weaker, stronger] = [(defaults ?? {}) as Central, (own ?? {}) as Central];
  const central = { ...said(weaker), ...said(stronger), ...said(proxy) };
  const protocol = own?.Protocol ? { protocol: own.Protocol } : {};
  return {
    ...service,
    Proxy: {
      ...proxy,
      ...central,
      Config: { ...defaults?.Config, ...protocol, ...proxy.Config },
      Upstreams: proxy.Upstreams.map((upstream) => ({ ...upstream, Config: withUpstreamConfig(upstream, own) })),
    },
  };
}

const EMPTY: ServiceProxy = {
  DestinationServiceName: '',
  DestinationServiceID: '',
  LocalServiceAddress: '',
  LocalServicePort: 0,
  Config: {},
  Upstreams: [],
};

/** Only what is not empty: the rest leaves to others what to say. */
function said({ Mode, MeshGateway, Expose, TransparentProxy, AccessLogs }: Central): Central {
  return {
    ...(Mode ? { Mode } : {}),
    ...(MeshGateway?.Mode ? { MeshGateway } : {}),
    ...(Expose && (Expose.Checks || (Expose.Paths ?? []).length > 0) ? { Expose } : {}),
    ...(TransparentProxy ? { TransparentProxy } : {}),
    ...(AccessLogs ? { AccessLogs } : {}),
  };
}
