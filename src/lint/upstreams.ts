import type { Finding, FindingSubject } from '../api/finding.ts';
import { sameName } from '../base/same-name.ts';
import { resolveQuery } from '../catalog/prepared-queries.ts';
import { datacenter } from '../catalog/snapshot.ts';
import type { ProxyUpstream } from '../catalog/types.ts';
import type { Chain } from '../compile/chain-model.ts';
import { upstreamChain, upstreamName, upstreamProtocol } from '../compile/outbound.ts';
import { isHttpLike, serviceDefaultsOf, serviceProtocol } from '../compile/protocol.ts';
import { isSidecar, proxyId, type Sidecar } from '../compile/proxy-id.ts';
import { writeCommand } from './finding.ts';
import { deadEnds, describeTarget } from './leads.ts';
import type { Looked } from './names.ts';

/** Upstreams that lead nowhere, and those that speak otherwise than the service. */
export function upstreamTroubles(looked: Looked): Finding[] {
  const { s, dc } = looked;
  return [...datacenter(s, dc).services.values()]
    .filter(isSidecar)
    .flatMap((sidecar) => sidecar.Proxy.Upstreams.flatMap((upstream) => troublesOf(looked, sidecar, upstream)));
}

function troublesOf(looked: Looked, sidecar: Sidecar, upstream: ProxyUpstream): Finding[] {
  const { s, dc } = looked;
  const caller = sidecar.Proxy.DestinationServiceName;
  const common = {
    datacenter: dc,
    about: { kind: 'sidecar', name: proxyId(dc, sidecar), service: caller } satisfies FindingSubject,
  };
  if (upstream.DestinationType === 'prepared_query') {
    const resolved = resolveQuery(s, upstream.Datacenter || dc, upstream.DestinationName);
    if (resolved.error === undefined && resolved.query) return [];
    const summary = `upstream ${upstream.DestinationName} of ${caller} is a prepared query, and there is none of that name`;
    return [{ ...common, code: 'upstream', severity: 'error', summary, fix: 'make it: PUT /v1/query, or correct the upstream' }];
  }
  if (upstream.DestinationPeer) return [];
  const name = upstreamName(upstream);
  const chain = upstreamChain(s, dc, sidecar, upstream);
  if (!chain.ok) {
    const summary = `upstream ${name} of ${caller} can't be served: ${chain.error.message}`;
    const fix = `mesh config list -kind service-defaults, and make the entries of ${upstream.DestinationName} agree`;
    return [{ ...common, code: 'upstream', severity: 'error', summary, fix }];
  }
  const nowhere = deadEndFindings(looked, chain.value, `upstream ${name} of ${caller}`).map((one) => ({ ...common, ...one }));
  return [...nowhere, ...protocolTrouble(looked, sidecar, upstream).map((one) => ({ ...common, ...one }))];
}

/** Of a chain that somebody calls: `what`. */
export function deadEndFindings(looked: Looked, chain: Chain, what: string): Pick<Finding, 'code' | 'severity' | 'summary' | 'fix'>[] {
  const { dc } = looked;
  return deadEnds(looked, chain).map(({ target, why, fix, standIn }) => {
    const direct = sameName(target.service, chain.service) && target.subset === '';
    const through = direct ? '' : `${describeTarget(target, dc)}, to which entries lead, is out of reach: `;
    if (standIn) {
      const summary = `${what} has to use its failover ${describeTarget(standIn, dc)}: ${why}`;
      return { code: 'upstream', severity: 'warning', summary, fix };
    }
    return { code: 'upstream', severity: 'error', summary: `${what} leads nowhere: ${through}${why}`, fix };
  });
}

type ProtocolTrouble = Pick<Finding, 'code' | 'severity' | 'summary' | 'fix'>;

function protocolTrouble({ s, dc }: Looked, sidecar: Sidecar, upstream: ProxyUpstream): ProtocolTrouble[] {
  const said = upstreamProtocol(s, dc, sidecar, upstream);
  const service = upstream.DestinationName;
  const speaks = serviceProtocol(s, dc, service);
  if (said === undefined || said === speaks) return [];
  const caller = sidecar.Proxy.DestinationServiceName;
  const effect =
    isHttpLike(said) && !isHttpLike(speaks)
      ? 'its side sees requests, the other one bytes: neither permissions nor tokens can be asked for'
      : isHttpLike(speaks) && !isHttpLike(said)
        ? 'calls are neither routed nor split'
        : 'requests may not be understood';
  const defaults = serviceDefaultsOf(s, dc, service) ?? { Kind: 'service-defaults', Name: service };
  return [
    {
      code: 'protocol',
      severity: 'warning',
      summary: `upstream ${service} of ${caller} is to speak ${said}, but ${service} speaks ${speaks}: ${effect}`,
      fix: isHttpLike(said)
        ? writeCommand(defaults, { Protocol: said })
        : `leave protocol out of upstream ${service}: in the registration of ${sidecar.ID}, or in UpstreamConfig of service-defaults ${caller}`,
    },
  ];
}
