import { goJson } from '../../../base/go-json.ts';
import { sortedEntries } from '../../../base/order.ts';
import { labelled, metaRows, ordered } from './format.ts';
import type { AuthMethod } from './model.ts';

const ORDER = 'Name Type DisplayName Description MaxTokenTTL TokenLocality Config CreateIndex ModifyIndex'.split(' ');

export function authMethodJson(method: AuthMethod): unknown {
  const { Config } = method;
  const sorted = Config === undefined ? method : { ...method, Config: byName(Config) };
  return ordered(sorted, ['Name', 'Type', 'CreateIndex', 'ModifyIndex', 'Config'], ORDER);
}

export function authMethodText(method: AuthMethod, meta: boolean): string {
  const { Name, Type, Config } = method;
  const optional = (name: string, value: string | undefined) => (value ? [[name, value] as const] : []);
  const rows = [
    ['Name', Name] as const,
    ['Type', Type] as const,
    ...optional('DisplayName', method.DisplayName),
    ['Description', method.Description ?? ''] as const,
    ...optional('MaxTokenTTL', method.MaxTokenTTL),
    ...optional('TokenLocality', method.TokenLocality),
    ...metaRows({ CreateIndex: method.CreateIndex, ModifyIndex: method.ModifyIndex }, meta),
  ];
  return `${labelled(15, rows)}Config:\n${goJson(byName(Config ?? null), '  ')}`;
}

export function authMethodListText(methods: readonly AuthMethod[], meta: boolean): string {
  return methods
    .map((method) => {
      const rows = [
        ['Type', method.Type] as const,
        ...(method.DisplayName ? [['DisplayName', method.DisplayName] as const] : []),
        ['Description', method.Description ?? ''] as const,
        ...metaRows({ CreateIndex: method.CreateIndex, ModifyIndex: method.ModifyIndex }, meta),
      ];
      return `${method.Name}:\n${labelled(14, rows, '   ')}`;
    })
    .join('');
}

/** Go prints the keys of maps in order. */
function byName(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(byName);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(sortedEntries(value as Readonly<Record<string, unknown>>).map(([key, inner]) => [key, byName(inner)]));
}
