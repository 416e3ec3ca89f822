import type { HeaderMatch } from './proxy-config.ts';

/** A match of a header as routes and permissions write it. */
export interface WrittenHeaderMatch {
  readonly Name?: string;
  readonly Present?: boolean;
  readonly Exact?: string;
  readonly Prefix?: string;
  readonly Suffix?: string;
  readonly Contains?: string;
  readonly Regex?: string;
  readonly Invert?: boolean;
  readonly IgnoreCase?: boolean;
}

export function headerMatch(header: WrittenHeaderMatch): HeaderMatch {
  const { Name = '', Exact, Prefix, Suffix, Contains, Regex, Invert = false, IgnoreCase } = header;
  const common = { name: Name.toLowerCase(), invert: Invert, ...(IgnoreCase ? { ignoreCase: true } : {}) };
  if (Exact) return { ...common, type: 'exact', value: Exact };
  if (Prefix) return { ...common, type: 'prefix', value: Prefix };
  if (Suffix) return { ...common, type: 'suffix', value: Suffix };
  if (Contains) return { ...common, type: 'contains', value: Contains };
  if (Regex) return { ...common, type: 'regex', value: Regex };
  return { ...common, type: 'present', value: '' };
}
