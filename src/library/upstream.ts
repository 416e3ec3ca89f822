import { MeshError } from '../base/errors.ts';
import { hostPort } from '../base/host-port.ts';
import { didYouMean } from '../base/suggest.ts';
import { connectInstances, services } from '../catalog/queries.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import type { ProxyUpstream } from '../catalog/types.ts';
import { unknownUpstream } from './instances.ts';

/** Where the code of a service finds an upstream, `127.0.0.1:41234`: of its first instance that has a sidecar. Throws a MeshError where there is none. */
export function upstreamAddress(snapshot: Snapshot, dc: string, from: string, name: string): string {
  const upstreams = upstreamsOf(snapshot, dc, from);
  const found = upstreams.find(({ DestinationName }) => DestinationName === name);
  if (found) return hostPort(found.LocalBindAddress, found.LocalBindPort);
  throw unknownUpstream(from, name, namesOf(upstreams));
}

export function upstreamNames(snapshot: Snapshot, dc: string, from: string): string[] {
  return namesOf(upstreamsOf(snapshot, dc, from));
}

const namesOf = (upstreams: readonly ProxyUpstream[]): string[] => upstreams.map(({ DestinationName }) => DestinationName);

function upstreamsOf(snapshot: Snapshot, dc: string, from: string): readonly ProxyUpstream[] {
  const [first] = connectInstances(snapshot, dc, from).value;
  if (!first) throw noSidecar(snapshot, dc, from);
  return first.service.Proxy?.Upstreams ?? [];
}

function noSidecar(snapshot: Snapshot, dc: string, from: string): MeshError {
  const callers = Object.keys(services(snapshot, dc, ({ service }) => service.Kind === '').value).filter(
    (name) => connectInstances(snapshot, dc, name).value.length > 0,
  );
  return new MeshError('usage', `no service ${from} with a sidecar is in this mesh`, {
    hint: didYouMean(from, callers).hint ?? `there are ${callers.join(', ') || 'none'}`,
  });
}
