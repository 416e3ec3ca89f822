import { Failure } from '../../command.ts';
import type { FlagValues } from '../../flags.ts';
import type { ProxyService } from './answers.ts';

/** Which sidecar to run, as the flags say. */
export type ProxySettings =
  /** One that is registered: by its own id, or by that of the service that it is the sidecar of. */
  | { readonly proxyId: string }
  | { readonly sidecarFor: string }
  /** One that only the flags know. */
  | { readonly proxy: ProxyService; readonly register: boolean };

/** Throws a Failure in Consul's words. */
export function settingsOf(flags: FlagValues): ProxySettings {
  const text = (name: string): string => flags.string(name) ?? '';
  const [proxyId, sidecarFor, service] = [text('proxy-id'), text('sidecar-for'), text('service')];
  if (proxyId !== '' && sidecarFor !== '')
    throw new Failure('Error preparing configuration: cannot specify both -proxy-id and -sidecar-for');
  if (proxyId !== '') return { proxyId };
  if (sidecarFor !== '') return { sidecarFor };
  if (service === '') throw new Failure('Error preparing configuration: -service or -sidecar-for must be specified');
  const listen = text('listen');
  const app = text('service-addr');
  if (listen !== '' && app === '')
    throw new Failure('Error preparing configuration: -service-addr must be specified if -listen is specified');
  const register = flags.bool('register');
  if (register && listen === '') throw new Failure('Error preparing configuration: -register is only useful with -listen');
  const bind = listen === '' ? { host: '0.0.0.0', port: 0 } : addressOf(listen, '0.0.0.0');
  const local = app === '' ? { host: '127.0.0.1', port: 0 } : addressOf(app, '127.0.0.1');
  const suffix = text('register-id');
  return {
    register,
    proxy: {
      Kind: 'connect-proxy',
      ID: `${service}-proxy${suffix === '' ? '' : `-${suffix}`}`,
      Service: `${service}-proxy`,
      Address: bind.host === '0.0.0.0' ? '' : bind.host,
      Port: bind.port,
      Proxy: {
        DestinationServiceName: service,
        LocalServiceAddress: local.host,
        LocalServicePort: local.port,
        Upstreams: flags.list('upstream').map(upstreamOf),
      },
    },
  };
}

/** `payments:9091`, `payments:127.0.0.2:9091` */
function upstreamOf(text: string): object {
  const colon = text.indexOf(':');
  if (colon === -1) throw new Failure(`Error preparing configuration: Upstream value should be name:addr in ${JSON.stringify(text)}`);
  const { host, port } = addressOf(text.slice(colon + 1), '127.0.0.1');
  return { DestinationName: text.slice(0, colon), LocalBindAddress: host, LocalBindPort: port };
}

/** `127.0.0.1:8443`, `:8443`, `8443` */
function addressOf(text: string, host: string): { host: string; port: number } {
  const colon = text.lastIndexOf(':');
  const port = Number(text.slice(colon + 1));
  if (!/^\d+$/.test(text.slice(colon + 1)) || port === 0 || port > 65_535) {
    throw new Failure(`Error preparing configuration: address ${text}: a port is missing`);
  }
  const given = text.slice(0, Math.max(0, colon)).replace(/^\[|\]$/g, '');
  return { host: given === '' ? host : given, port };
}
