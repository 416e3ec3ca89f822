import type { Io } from './io.ts';

/** The program that opens a page in the user's browser. */
export function openerOf({ env, platform }: Pick<Io, 'env' | 'platform'>): string {
  return env['BROWSER'] || (platform === 'darwin' ? 'open' : 'xdg-open');
}
