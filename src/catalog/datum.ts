import type { Instance } from './queries.ts';

/** An instance as filters see it (`instanceShape`): rows have the names of Consul's answers already, but for two things. */
export function instanceDatum({ node, service, checks }: Instance): object {
  return {
    Node: node,
    Service: { ...service, Connect: { Native: service.ConnectNative } },
    Checks: checks.map((check) => ({ ...check, ServiceTags: check.ServiceID === '' ? [] : service.Tags })),
  };
}
