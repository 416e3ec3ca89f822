import { Watchable } from '../../base/watch.ts';
import { useWatch } from './store.ts';

/** Secrets of this tab; they go with it. */
const WRITE = 'mesh-ui-token';
const ACL = 'mesh-acl-token';

export const writeToken = new Watchable(sessionStorage.getItem(WRITE) ?? '');
export const aclToken = new Watchable(sessionStorage.getItem(ACL) ?? '');
/** What ACLs have kept back: nothing, some rows of lists, or whole answers. */
export const keptBack = new Watchable<'nothing' | 'some' | 'refused'>('nothing');

/** The token of `mesh ui` is in the address: there it would end in bookmarks and screenshots. */
export function takeToken(): void {
  const token = /^#token=([\w-]+)$/.exec(location.hash)?.[1];
  if (token !== undefined) setWriteToken(token);
  if (location.hash.startsWith('#token=')) history.replaceState(undefined, '', location.pathname + location.search);
}

export function setWriteToken(token: string): void {
  keep(WRITE, token);
  writeToken.set(token);
}

export function setAclToken(token: string): void {
  keep(ACL, token);
  keptBack.set('nothing');
  aclToken.set(token);
}

function keep(name: string, value: string): void {
  if (value === '') sessionStorage.removeItem(name);
  else sessionStorage.setItem(name, value);
}

export const useCanWrite = (): boolean => useWatch(writeToken) !== '';

export const HOW_TO_WRITE = 'This page can only read. Open it with `mesh ui` to change things.';
