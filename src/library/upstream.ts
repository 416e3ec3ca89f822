import { MeshError } from '../base/errors.ts';
import { hostPort } from '../base/host-port.ts';
import { didYouMean } from '../base/suggest.ts';
import { connectInstances, services } from '../catalog/queries.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import type { Service } from '../catalog/types.ts';
import { unknownUpstream } from './instances.ts';

/** Where the code of a service finds an upstream, `127.0.0.1:41234`: of its first instance that has a sidecar. Throws a MeshError where there is none. */
export function upstreamAddress(snapshot: Snapshot, dc: string, from: string, name: string): string {
  const sidecars = connectInstances(snapshot, dc, from).value.map(({ service }) => service);
  if (sidecars.length === 0) throw noSidecar(snapshot, dc, from);
  const upstreams = upstreamsOf(sidecars[0]!);
  const found = upstreams.find(({ DestinationName }) => DestinationName === name);
  if (!found) {
    throw unknownUpstream(
      from,
      name,
      upstreams.map(({ DestinationName }) => DestinationName),
    );
  }
  return hostPort(found.LocalBindAddress, found.LocalBindPort);
}

const upstreamsOf = ({ Proxy: proxy }: Service): NonNullable<Service['Proxy']>['Upstreams'] => proxy?.Upstreams ?? [];

function noSidecar(snapshot: Snapshot, dc: string, from: string): MeshError {
  const callers = Object.keys(services(snapshot, dc, ({ service }) => service.Kind === '').value).filter(
    (name) => connectInstances(snapshot, dc, name).value.length > 0,
  );
  return new MeshError('usage', `no service ${from} with a sidecar is in this mesh`, {
    hint: didYouMean(from, callers).hint ?? `there are ${callers.join(', ') || 'none'}`,
  });
}
