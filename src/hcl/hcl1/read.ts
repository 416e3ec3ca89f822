import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Source } from '../../base/source.ts';
import type { LocatedMap } from '../../schema/located.ts';
import { readJson } from '../json.ts';
import { Reporter } from '../report.ts';
import { decodeObject } from './decode.ts';
import { lexHcl1 } from './lexer.ts';
import { parseHcl1 } from './parser.ts';

export interface ConsulText {
  /** Complete only if there is no error among the diagnostics. */
  readonly value: LocatedMap;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads Consul's HCL (HashiCorp HCL 1.0.0) as Consul does: config entries, service definitions, agent configuration. Never
 * throws on input. Differs from the original where that hides a mistake: `key =` at the end of the file is an error, and a
 * byte order mark is skipped.
 */
export function decodeHcl1(source: Source): ConsulText {
  const reporter = new Reporter(source);
  const { tokens } = lexHcl1(reporter);
  const value = decodeObject(parseHcl1(tokens, reporter), reporter);
  return { value, diagnostics: reporter.diagnostics };
}

/** Consul's `config write`: a text whose first character that is not blank is `{` is JSON, everything else is HCL. */
export function decodeConsulText(source: Source): ConsulText {
  if (!isJsonText(source.text)) return decodeHcl1(source);
  const { value, diagnostics } = readJson(source);
  return { value: value?.type === 'map' ? value : { type: 'map', entries: [] }, diagnostics };
}

/** Looks past a byte order mark, so that the file says the same with and without it. */
export function isJsonText(text: string): boolean {
  return /^\ufeff?[\s\u0085]*\{/.test(text);
}
