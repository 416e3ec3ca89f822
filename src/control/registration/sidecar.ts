import { hostPort } from '../../base/host-port.ts';
import { decodeGoJson } from '../../schema/go-json.ts';
import { fromJson } from '../../schema/located.ts';
import type { CheckTypeBody } from './check-schema.ts';
import { checkType } from './check-schema.ts';
import type { ProxyBody } from './proxy-schema.ts';
import { proxyConfig } from './proxy-schema.ts';
import type { ServiceBody } from './service-schema.ts';

export const sidecarIdOf = (serviceId: string): string => `${serviceId}-sidecar-proxy`;

/** The sidecar that a definition asks for, with what Consul takes from its service where it says nothing. Undefined: it asks for none. */
export function sidecarOf(service: ServiceBody): ServiceBody | undefined {
  const nested = service.Connect?.SidecarService;
  if (!nested) return undefined;
  const id = service.ID || service.Name;
  const proxy: ProxyBody = nested.Proxy ?? emptyProxy();
  const standsForIt = proxy.DestinationServiceName === '' || proxy.DestinationServiceName === service.Name;
  return {
    ...nested,
    Kind: 'connect-proxy',
    ID: sidecarIdOf(id),
    Name: nested.Name || `${service.Name}-sidecar-proxy`,
    Tags: nested.Tags.length > 0 ? nested.Tags : service.Tags,
    Meta: Object.keys(nested.Meta).length > 0 ? nested.Meta : service.Meta,
    Address: nested.Address || service.Address,
    ...((nested.Locality ?? service.Locality) ? { Locality: nested.Locality ?? service.Locality! } : {}),
    Proxy: {
      ...proxy,
      DestinationServiceName: proxy.DestinationServiceName || service.Name,
      DestinationServiceID: proxy.DestinationServiceID || (standsForIt ? id : ''),
      LocalServiceAddress: proxy.LocalServiceAddress || (proxy.LocalServiceSocketPath || service.SocketPath ? '' : '127.0.0.1'),
      LocalServicePort: proxy.LocalServicePort || (proxy.LocalServiceSocketPath ? 0 : service.Port),
      LocalServiceSocketPath: proxy.LocalServiceSocketPath || (proxy.LocalServicePort === 0 ? service.SocketPath : ''),
    },
  };
}

/** What Consul checks of a sidecar that brings no checks of its own: whether it listens, and the health of its service. */
export function sidecarChecks({ Address, Proxy: proxy }: ServiceBody, port: number, serviceId: string): CheckTypeBody[] {
  const bound = proxy?.Config['bind_address'];
  const host = typeof bound === 'string' ? bound : Address || '127.0.0.1';
  return [
    checkBody({ Name: 'Connect Sidecar Listening', TCP: hostPort(host, port), Interval: '10s' }),
    checkBody({ Name: `Connect Sidecar Aliasing ${serviceId}`, AliasService: serviceId }),
  ];
}

/** Where sidecars without a port get one from. */
export interface PortRange {
  readonly min: number;
  readonly max: number;
}

/** The lowest port of the range that no service of the node has. */
export function freeSidecarPort({ min, max }: PortRange, taken: ReadonlySet<number>): number | undefined {
  for (let port = min; port <= max; port++) if (!taken.has(port)) return port;
  return undefined;
}

const checkBody = (fields: object): CheckTypeBody => decoded(fields, checkType);
const emptyProxy = (): ProxyBody => decoded({}, proxyConfig);

function decoded<T>(fields: object, schema: Parameters<typeof decodeGoJson>[1]): T {
  const result = decodeGoJson(fromJson(fields), schema);
  if (!result.ok) throw new Error(result.error);
  return result.value as T;
}
