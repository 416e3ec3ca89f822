import { DEFAULT_ACTION, type IntentionAction } from '../catalog/intentions.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import type { Node } from '../catalog/types.ts';
import { exposedPaths } from './exposed.ts';
import { inboundFilters } from './inbound-filters.ts';
import { inboundLimits, inboundSetting } from './inbound-limits.ts';
import { intentionRules } from './intention-rules.ts';
import { jwtProviders } from './jwt.ts';
import { hidesClientCert, requestNormalization } from './normalization.ts';
import { listenerProtocol, serviceDefaultsOf, serviceProtocol } from './protocol.ts';
import type { InboundListener, Protocol } from './proxy-config.ts';
import type { Sidecar } from './proxy-id.ts';
import { positiveSetting, textSetting } from './settings.ts';
import { meshTls } from './tls-parameters.ts';

const LOOPBACK = '127.0.0.1';
const DEFAULT_CONNECT_TIMEOUT_MS = 5000;

/** The listener that takes mutual TLS for a service and hands it to the application. */
export function inboundListener(s: Snapshot, dc: string, node: Node, sidecar: Sidecar, defaultAction?: IntentionAction): InboundListener {
  const { DestinationServiceName: service, LocalServiceAddress, LocalServicePort, Config } = sidecar.Proxy;
  const connectTimeoutMs =
    inboundSetting(s, dc, sidecar, 'local_connect_timeout_ms', serviceDefaultsOf(s, dc, service)?.LocalConnectTimeoutMs) ??
    DEFAULT_CONNECT_TIMEOUT_MS;
  const protocol = inboundProtocol(s, dc, sidecar);
  const bind = {
    address: textSetting(Config, 'bind_address') ?? (sidecar.Address || node.Address),
    port: positiveSetting(Config, 'bind_port') ?? sidecar.Port,
  };
  const app = { address: LocalServiceAddress || LOOPBACK, port: LocalServicePort };
  const tls = meshTls(s, dc, 'Incoming');
  const exposed = exposedPaths(s, dc, sidecar, bind, app);
  return {
    bind,
    protocol,
    app,
    ...(tls ? { tls } : {}),
    connectTimeoutMs,
    ...policyOf(s, dc, service, protocol, defaultAction),
    ...inboundLimits(s, dc, sidecar),
    ...(exposed.length > 0 ? { exposed } : {}),
  };
}

/** What a sidecar takes for its service: its own setting goes before the entries. */
export function inboundProtocol(s: Snapshot, dc: string, { Proxy: { DestinationServiceName, Config } }: Sidecar): Protocol {
  return listenerProtocol(textSetting(Config, 'protocol')?.toLowerCase() ?? serviceProtocol(s, dc, DestinationServiceName));
}

/** Who may call a service that speaks this, and what else its requests have to pass. */
export function policyOf(
  s: Snapshot,
  dc: string,
  service: string,
  protocol: Protocol,
  defaultAction: IntentionAction = DEFAULT_ACTION,
): Omit<InboundListener, 'bind' | 'app' | 'protocol' | 'connectTimeoutMs'> {
  const normalization = requestNormalization(s, dc);
  const intentions = intentionRules(s, dc, service, protocol);
  return {
    intentions,
    defaultAction,
    ...inboundFilters(s, dc, service),
    ...(normalization && protocol !== 'tcp' ? { normalization } : {}),
    ...(protocol !== 'tcp' && hidesClientCert(s, dc) ? { hidesClientCert: true } : {}),
    ...jwtProviders(s, dc, intentions),
  };
}
