import type { Json } from '../schema/located.ts';
import type { Schema } from '../schema/schema.ts';

/** Names that are not the capitalised words of the snake_case name. */
const NAMES: Readonly<Record<string, string>> = { args: 'ScriptArgs', script_args: 'ScriptArgs' };
const INITIALISMS = new Set(['id', 'http', 'tcp', 'udp', 'ttl', 'grpc', 'tls', 'os']);

/** A value that was decoded with snake_case names, as the body of a request: `tls_server_name` is `TLSServerName`. Keys of maps stay. */
export function apiJson(value: unknown, schema: Schema): Json {
  if (schema.kind === 'list') return (value as unknown[]).map((item) => apiJson(item, schema.item));
  if (schema.kind !== 'object' && schema.kind !== 'map') return value as Json;
  const result = Object.create(null) as { [key: string]: Json };
  for (const [key, inner] of Object.entries(value as Record<string, unknown>)) {
    const below = schema.kind === 'map' ? schema.value : schema.fields[key]?.schema;
    if (below) result[schema.kind === 'map' ? key : apiName(key)] = apiJson(inner, below);
  }
  return result;
}

function apiName(key: string): string {
  const word = (text: string): string => (INITIALISMS.has(text) ? text.toUpperCase() : text.charAt(0).toUpperCase() + text.slice(1));
  return (
    NAMES[key] ??
    key
      .split('_')
      .map(word)
      .join('')
      .replace(/^H2ping/, 'H2PING')
  );
}
