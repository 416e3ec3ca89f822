import type { ServiceRoutes } from '../../../../api/routes.ts';
import { sameName } from '../../../../base/same-name.ts';
import { allProxyIds } from '../../../../compile/proxy-id.ts';
import { routesOfProxies } from '../../../../topology/service-routes.ts';
import { answerQuery } from '../../blocking.ts';
import type { Endpoint } from '../../endpoint.ts';
import { requireName } from '../select.ts';
import { configsOf, shapedAt, shapedBy } from './catalog-view.ts';

export const routes: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/mesh/routes/:service',
    doc: 'Where calls of a service or gateway may go: for each of its upstreams the routes in order, with splits, timeouts and retries, as its sidecars have them.',
    acl: 'service:read',
    handle: (request, mesh) => {
      const service = requireName(request.params[0], 'service name');
      const { acl } = request;
      acl.require('service', 'read', service);
      return answerQuery(request, mesh, (s, datacenter) => {
        const index = shapedAt(s);
        const configOf = configsOf(s, mesh);
        const configs = allProxyIds(s)
          .filter((id) => id.startsWith(`${datacenter}/`))
          .flatMap((id) => configOf(id) ?? [])
          .filter((config) => sameName(config.service, service));
        const upstreams = acl.filter(routesOfProxies(configs), ({ routes: some }) =>
          some.every(({ splits }) => splits.every(({ destination }) => acl.allows('service', 'read', destination))),
        );
        const value: ServiceRoutes = { index, service, datacenter, upstreams };
        return { value, index, watch: shapedBy(s) };
      });
    },
  },
];
