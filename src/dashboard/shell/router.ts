import { Watchable } from '../../base/watch.ts';
import { useWatch } from '../client/store.ts';
import { takeToken } from '../client/tokens.ts';
import { parseRoute, type Route } from './route.ts';

const route = new Watchable(parseRoute(''));

/** Goes where the address says, from now on; one with a token may be pasted into an open tab. */
export function followAddress(): void {
  const read = (): void => {
    takeToken();
    route.set(parseRoute(location.hash));
  };
  addEventListener('hashchange', read);
  read();
}

export const useRoute = (): Route => useWatch(route);

/** To an address that `href` has made. */
export function go(address: string): void {
  location.hash = address;
}
