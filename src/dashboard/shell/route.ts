/** Where in the dashboard one is: `#/services/web?dc=dc1`. */
export interface Route {
  /** Id of a page; empty: none was named. */
  readonly page: string;
  /** What follows, decoded. */
  readonly params: readonly string[];
  readonly query: URLSearchParams;
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [page = '', ...params] = path.split('/').map(decode);
  return { page, params: params.filter((param) => param !== ''), query: new URLSearchParams(query) };
}

/** `href(['services', 'web'], { dc: 'dc1' })`: the address of a place; empty values are left out. */
export function href(path: readonly string[], query: Readonly<Record<string, string>> = {}): string {
  const given = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
  const text = given.toString();
  return `#/${path.map(encodeURIComponent).join('/')}${text === '' ? '' : `?${text}`}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
