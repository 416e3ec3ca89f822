import type { HeaderEdits } from '../../compile/proxy-config.ts';
import { combinedEdits } from '../../matching/combined-edits.ts';
import type { EndedExchange, FormattedEdits } from '../http/service.ts';
import type { FieldEdits } from '../http1/write.ts';
import type { LogEntry } from '../observe/access-log/entry.ts';
import { compileValue, type LineFormat } from '../observe/access-log/format.ts';

export interface EditContext {
  /** Gets a line for each edit that isn't made. */
  readonly ignored: (reason: string) => void;
  /** What operators in values are filled from. */
  readonly describe: (exchange: EndedExchange) => LogEntry;
}

/** Edits one after the other as one; undefined when nothing is left to do. */
export function combineEdits(layers: readonly (HeaderEdits | undefined)[], { ignored, describe }: EditContext): FormattedEdits | undefined {
  const combined = combinedEdits(layers, ignored);
  if (!combined) return undefined;
  const { remove } = combined;
  const formats = new Map<FieldEdits['add'][number], (exchange: EndedExchange) => string>();
  const add = combined.add.map(([name, text]) => {
    const value = readyValue(text, (operator) => ignored(`header ${name}: ${operator} is no operator, and stays as it is`));
    const edit = [name, typeof value === 'string' ? value : ''] as const;
    if (typeof value !== 'string') formats.set(edit, (exchange) => value(describe(exchange)));
    return edit;
  });
  return formats.size === 0 ? { remove, add } : { remove, add, formats };
}

/** Consul hands values on to Envoy, which fills in its operators. */
function readyValue(text: string, unknown: (operator: string) => void): string | LineFormat {
  let known = true;
  const value = compileValue(text, (operator) => {
    known = false;
    unknown(operator);
  });
  return known ? value : text;
}
