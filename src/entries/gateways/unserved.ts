import type { ApiGateway } from './api-gateway.ts';
import type { HttpRoute } from './http-route.ts';
import type { IngressGateway } from './ingress-gateway.ts';

/** What a gateway of this data plane does not do, for whoever writes the entry. */

const sdsAt = (where: string): string => `${where} comes from an SDS server of Envoy, which is not asked: the listener is not served`;

interface WithSds {
  readonly SDS?: { readonly ClusterName?: string; readonly CertResource?: string };
}

/** Whether a certificate of an SDS server is wanted. */
export const wantsSds = (tls: WithSds | undefined): boolean => Boolean(tls?.SDS?.ClusterName || tls?.SDS?.CertResource);

export function ingressWarnings({ TLS, Listeners = [] }: IngressGateway): string[] {
  const listeners = Listeners.filter((one) => !wantsSds(TLS) && ingressWantsSds(one));
  return [...(wantsSds(TLS) ? [sdsAt('TLS.SDS')] : []), ...listeners.map(({ Port }) => sdsAt(`SDS of the listener on port ${Port}`))];
}

/** Of the listener itself, or of one of its services. */
export function ingressWantsSds({ TLS, Services = [] }: NonNullable<IngressGateway['Listeners']>[number]): boolean {
  return wantsSds(TLS) || Services.some((service) => wantsSds(service.TLS));
}

export function apiWarnings({ TLS, Listeners = [], ExtAuthz }: ApiGateway): string[] {
  return [
    ...(wantsSds(TLS) ? [sdsAt('TLS.SDS')] : []),
    ...Listeners.filter((one) => wantsSds(one.TLS)).map(({ Name }) => sdsAt(`SDS of listener ${Name}`)),
    ...(ExtAuthz?.Enabled ? ['ExtAuthz is stored, but nobody is asked: every request passes'] : []),
  ];
}

export function routeWarnings({ Rules = [] }: HttpRoute): string[] {
  const filters = Rules.flatMap((rule) => [rule.Filters, ...(rule.Services ?? []).map((service) => service.Filters)]);
  return [
    ...(filters.some(({ ExtAuthz }) => ExtAuthz?.Enabled) ? ['ExtAuthz is stored, but nobody is asked: every request passes'] : []),
    ...(filters.some(({ ExtProc }) => (ExtProc ?? []).length > 0) ? ['ExtProc is stored, but has no effect'] : []),
  ];
}
