import type { ExplainDetail, ExplainStep, Origin } from '../api/explanation.ts';
import { upstreamName } from '../compile/outbound.ts';
import { serviceDefaultsOf, statedProtocol } from '../compile/protocol.ts';
import type { OutboundListener } from '../compile/proxy-config.ts';
import { isGateway } from '../compile/proxy-id.ts';
import { textSetting } from '../compile/settings.ts';
import { PROXY_DEFAULTS_NAME } from '../entries/proxy-defaults.ts';
import { BY_DEFAULT, entryOrigin, registrationOf, type Walk } from './walk.ts';

/** What a listener speaks, and who says so. */
export function protocolStep(walk: Walk, listener: OutboundListener): ExplainStep {
  const { proxy, dc } = walk.caller;
  const { protocol } = listener;
  const carries = protocol === 'tcp' ? 'connections pass as bytes: no routes, splits by request or permissions' : 'requests are told apart';
  const step = { kind: 'protocol', state: 'info', text: `${protocol}: ${carries}` } as const;
  if (isGateway(proxy)) return { ...step, origin: entryOrigin(walk, dc, proxy.Kind, proxy.Service), details: [] };
  const upstream = proxy.Proxy.Upstreams.find((one) => upstreamName(one) === listener.name);
  const said = upstream && ownWord(walk, upstream.DestinationName, textSetting(upstream.Config, 'protocol'));
  if (said) return { ...step, origin: said, details: [] };
  if (!upstream || upstream.DestinationType === 'prepared_query') return { ...step, origin: BY_DEFAULT, details: [] };
  return { ...step, ...statedBy(walk, upstream.DestinationName) };
}

/** The registration of the caller, then its service-defaults, are stronger than what the destination says. */
function ownWord(walk: Walk, destination: string, registered: string | undefined): Origin | undefined {
  const { snapshot, caller } = walk;
  const { dc, proxy, config } = caller;
  if (registered !== undefined) return registrationOf(proxy.ID);
  const { Defaults, Overrides = [] } = serviceDefaultsOf(snapshot, dc, config.service)?.UpstreamConfig ?? {};
  const part = Overrides.find(({ Name }) => Name === destination)?.Protocol
    ? 'UpstreamConfig.Overrides'
    : Defaults?.Protocol && 'UpstreamConfig.Defaults';
  return part ? entryOrigin(walk, dc, 'service-defaults', config.service, part) : undefined;
}

function statedBy(walk: Walk, service: string): { readonly origin: Origin; readonly details: ExplainDetail[] } {
  const { snapshot, caller } = walk;
  const { kind, unsaid } = statedProtocol(snapshot, caller.dc, service);
  if (!kind) return { origin: BY_DEFAULT, details: [] };
  const origin = entryOrigin(walk, caller.dc, kind, kind === 'proxy-defaults' ? PROXY_DEFAULTS_NAME : service);
  if (!unsaid) return { origin, details: [] };
  return { origin, details: [{ state: 'info', text: 'it has no Protocol, which is tcp and hides what proxy-defaults say' }] };
}
