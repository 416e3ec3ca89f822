import { isFieldName, PROXY_OWNED, wireText } from '../../base/http-fields.ts';
import type { HeaderEdits } from '../../compile/proxy-config.ts';
import type { EndedExchange, FormattedEdits } from '../http/service.ts';
import { isFieldValue } from '../http1/fields.ts';
import type { FieldEdits } from '../http1/write.ts';
import type { LogEntry } from '../observe/access-log/entry.ts';
import { compileValue, type LineFormat } from '../observe/access-log/format.ts';

export interface EditContext {
  /** Gets a line for each edit that isn't made. */
  readonly ignored: (reason: string) => void;
  /** What operators in values are filled from. */
  readonly describe: (exchange: EndedExchange) => LogEntry;
}

/**
 * Edits one after the other as one: what a later one removes or sets is not added by an earlier one. Undefined when nothing
 * is left to do.
 */
export function combineEdits(layers: readonly (HeaderEdits | undefined)[], context: EditContext): FormattedEdits | undefined {
  const { ignored, describe } = context;
  const remove = new Set<string>();
  let add: FieldEdits['add'][number][] = [];
  const formats = new Map<(typeof add)[number], (exchange: EndedExchange) => string>();
  const drop = (name: string) => {
    remove.add(name);
    add = add.filter(([added]) => added.toLowerCase() !== name);
  };
  for (const layer of layers) {
    if (!layer) continue;
    for (const name of layer.remove) if (mayEdit(name, ignored)) drop(name.toLowerCase());
    for (const [entries, overwrite] of [
      [layer.set, true],
      [layer.add, false],
    ] as const) {
      for (const [name, text] of Object.entries(entries)) {
        if (!mayEdit(name, ignored)) continue;
        if (!isFieldValue(wireText(text))) {
          ignored(`header ${name}: its value has control characters`);
          continue;
        }
        if (overwrite) drop(name.toLowerCase());
        const value = readyValue(wireText(text), (operator) => ignored(`header ${name}: ${operator} is no operator, and stays as it is`));
        const edit = [name, typeof value === 'string' ? value : ''] as const;
        if (typeof value !== 'string') formats.set(edit, (exchange) => value(describe(exchange)));
        add.push(edit);
      }
    }
  }
  if (remove.size === 0 && add.length === 0) return undefined;
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

function mayEdit(name: string, ignored: (reason: string) => void): boolean {
  if (isFieldName(name) && !PROXY_OWNED.has(name.toLowerCase())) return true;
  ignored(isFieldName(name) ? `header ${name} is the proxy's own` : `${JSON.stringify(name)} is not a header name`);
  return false;
}
