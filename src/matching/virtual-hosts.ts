/** Something by host. A domain is found by what it says beside its wildcard. */
export interface HostTable<T> {
  readonly exact: ReadonlyMap<string, T>;
  /** `.example.com` of `*.example.com`; the longest first. */
  readonly suffixes: readonly Wildcard<T>[];
  /** `web.ingress.` of `web.ingress.*`; the longest first. */
  readonly prefixes: readonly Wildcard<T>[];
  readonly any: T | undefined;
}

interface Wildcard<T> {
  readonly text: string;
  readonly value: T;
}

/** `domains` as in a `VirtualHost`. */
export function hostTable<T>(hosts: readonly { readonly domains: readonly string[]; readonly value: T }[]): HostTable<T> {
  const exact = new Map<string, T>();
  const suffixes: Wildcard<T>[] = [];
  const prefixes: Wildcard<T>[] = [];
  let any: T | undefined;
  for (const { domains, value } of hosts) {
    for (const domain of domains) {
      if (domain === '*') any = value;
      else if (domain.startsWith('*')) suffixes.push({ text: domain.slice(1), value });
      else if (domain.endsWith('*')) prefixes.push({ text: domain.slice(0, -1), value });
      else exact.set(domain, value);
    }
  }
  return { exact, suffixes: suffixes.sort(longestFirst), prefixes: prefixes.sort(longestFirst), any };
}

const longestFirst = (a: Wildcard<unknown>, b: Wildcard<unknown>): number => b.text.length - a.text.length;

/** Envoy's order: the name itself, then the longest ending, then the longest beginning, then any. A wildcard stands for something. */
export function ofHost<T>(hosts: HostTable<T>, given: string | undefined): T | undefined {
  const host = nameOf(given ?? '');
  return (
    hosts.exact.get(host) ??
    hosts.suffixes.find(({ text }) => host.length > text.length && host.endsWith(text))?.value ??
    hosts.prefixes.find(({ text }) => host.length > text.length && host.startsWith(text))?.value ??
    hosts.any
  );
}

/** Without a port, whichever it is: a port that is forwarded is another one outside. Without the dot of a fully qualified name. */
function nameOf(host: string): string {
  return host.replace(/:\d*$/, '').replace(/\.$/, '').toLowerCase();
}
