import { createHash, timingSafeEqual } from 'node:crypto';

/** The pages at `/ui/`: programs for a browser that use this API, and what lets them write. */
export interface Dashboard {
  /** Requests of pages that change something have to bring it. Secret. */
  readonly token: string;
  /** A file of it by its name (`app.js`); undefined: it has none of that name. */
  file(name: string): Promise<DashboardFile | undefined>;
}

export interface DashboardFile {
  readonly bytes: Buffer;
  readonly gzipped: Buffer;
  readonly contentType: string;
  /** With its quotes. */
  readonly etag: string;
}

/** Where pages bring the token. */
export const TOKEN_HEADER = 'x-mesh-ui-token';

/** What pages of a browser read when they may not write. */
export const WRITE_REFUSED = 'web pages may not change anything without the token of this agent: open the dashboard with `mesh ui`';

/** Takes the same time whatever differs. */
export function isToken(given: string | undefined, dashboard: Dashboard | undefined): boolean {
  if (given === undefined || dashboard === undefined) return false;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(dashboard.token));
}
