import { Watchable } from '../../base/watch.ts';
import { useOnce } from './live.ts';
import { useWatch } from './store.ts';

/** The datacenter that pages show which show one; empty: the one that the agent speaks for. */
export const chosenDatacenter = new Watchable('');

export function useDatacenters(): readonly string[] {
  return useOnce<string[]>('/v1/catalog/datacenters').data ?? [];
}

export const useDatacenter = (): string => useWatch(chosenDatacenter);

/** A path with `?dc=` of the chosen datacenter. */
export function withDatacenter(path: string, datacenter: string): string {
  return datacenter === '' ? path : `${path}${path.includes('?') ? '&' : '?'}dc=${encodeURIComponent(datacenter)}`;
}
