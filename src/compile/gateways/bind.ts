import type { ApiGateway, ApiListener } from '../../entries/gateways/api-gateway.ts';
import { type HttpRoute, serviceNames } from '../../entries/gateways/http-route.ts';
import type { Reference } from '../../entries/gateways/reference.ts';
import type { TcpRoute } from '../../entries/gateways/tcp-route.ts';

export type Route = HttpRoute | TcpRoute;

/** A gateway with what its listeners have so far. Lives for the length of one computation. */
export interface Binding {
  readonly gateway: ApiGateway;
  /** Routes by the name of their listener. */
  readonly routes: Map<string, Route[]>;
  readonly accepted: boolean;
}

export const protocolOf = (route: Route): 'http' | 'tcp' => (route.Kind === 'http-route' ? 'http' : 'tcp');

export const servicesOf = (route: Route): string[] =>
  route.Kind === 'http-route' ? serviceNames(route as HttpRoute) : ((route as TcpRoute).Services ?? []).map(({ Name }) => Name);

/** Binds a route to the listeners that one of its parents means. Answers why it can't be, in Consul's words; undefined when it is. */
export function bindRoute(binding: Binding, route: Route, parent: Reference, routeAccepted: boolean): string | undefined {
  const { gateway, accepted, routes } = binding;
  const failed = `failed to bind route to gateway ${gateway.Name}`;
  let why: string | undefined;
  let done = false;
  for (const listener of gateway.Listeners ?? []) {
    if (parent.SectionName !== '' && parent.SectionName !== listener.Name) continue;
    if (!accepted) return `${failed}: gateway has not been accepted`;
    if (!routeAccepted) return `${failed}: route has not been accepted`;
    if (route.Kind === 'http-route' && !sharesHost(route as HttpRoute, listener)) {
      why = `${failed}: listener ${listener.Name} is does not have any hostnames that match the route`;
    } else if (listener.Protocol === protocolOf(route)) {
      const known = routes.get(listener.Name) ?? [];
      if (!known.includes(route)) routes.set(listener.Name, [...known, route]);
      done = true;
    } else if (parent.SectionName !== '') {
      const of = `route ${route.Name} to gateway ${gateway.Name}`;
      why = `failed to bind ${of}: listener ${listener.Name} is not a ${protocolOf(route)} listener`;
    }
  }
  if (done) return undefined;
  return why ?? `failed to bind route ${route.Name} to gateway ${gateway.Name} with listener '${parent.SectionName}'`;
}

/** Whether requests for one of the route's hosts can come in through the listener. */
function sharesHost({ Hostnames = [] }: HttpRoute, { Hostname }: ApiListener): boolean {
  if (Hostnames.length === 0) return true;
  const pattern = Hostname || '*';
  const rest = pattern.replace(/^\*/, '').replace(/^\./, '');
  return Hostnames.some((host) => (pattern.includes('*') ? host.endsWith(rest) : host === rest));
}
