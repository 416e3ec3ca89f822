import { useEffect } from 'preact/hooks';
import { Watchable } from '../../base/watch.ts';
import { useWatch } from '../client/store.ts';
import { takeToken } from '../client/tokens.ts';
import { parseRoute, type Route } from './route.ts';

const route = new Watchable(parseRoute(''));
/** What must not be lost: one for each text that is not written yet. */
const unsaved = new Set<object>();
/** Where somebody wants to go who would lose a text; undefined: nowhere. */
export const leaving = new Watchable<string | undefined>(undefined);

/** Goes where the address says, from now on; one with a token may be pasted into an open tab. */
export function followAddress(): void {
  let shown = location.hash;
  const read = (): void => {
    takeToken();
    const { hash } = location;
    if (unsaved.size > 0 && hash !== shown) {
      history.replaceState(undefined, '', shown === '' ? location.pathname + location.search : shown);
      leaving.set(hash);
      return;
    }
    shown = hash;
    route.set(parseRoute(hash));
  };
  addEventListener('beforeunload', (event) => unsaved.size > 0 && event.preventDefault());
  addEventListener('hashchange', read);
  read();
}

export const useRoute = (): Route => useWatch(route);

/** While it is so, nobody leaves without having been asked. */
export function useUnsaved(is: boolean): void {
  useEffect(() => {
    if (!is) return undefined;
    const mark = {};
    unsaved.add(mark);
    return () => void unsaved.delete(mark);
  }, [is]);
}

/** As `go`, though a text is lost or was written just before. */
export function leave(address: string): void {
  unsaved.clear();
  leaving.set(undefined);
  go(address);
}

/** To an address that `href` has made. */
export function go(address: string): void {
  location.hash = address;
}
