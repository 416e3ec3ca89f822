import { isFieldName, isFieldValue, PROXY_OWNED, wireText } from '../base/http-fields.ts';
import type { HeaderEdits } from '../compile/proxy-config.ts';

/** Edits as they are made: removals first. */
export interface CombinedEdits {
  /** Lower case. */
  readonly remove: ReadonlySet<string>;
  /** Values are bytes as latin1, operators of Envoy in them as they are written. */
  readonly add: readonly (readonly [name: string, value: string])[];
}

/**
 * Edits one after the other as one: what a later one removes or sets is not added by an earlier one. Undefined when nothing
 * is left to do. `ignored` gets a line for each edit that isn't made.
 */
export function combinedEdits(layers: readonly (HeaderEdits | undefined)[], ignored: (reason: string) => void): CombinedEdits | undefined {
  const remove = new Set<string>();
  let add: (readonly [string, string])[] = [];
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
        add.push([name, wireText(text)]);
      }
    }
  }
  return remove.size === 0 && add.length === 0 ? undefined : { remove, add };
}

function mayEdit(name: string, ignored: (reason: string) => void): boolean {
  if (isFieldName(name) && !PROXY_OWNED.has(name.toLowerCase())) return true;
  ignored(isFieldName(name) ? `header ${name} is the proxy's own` : `${JSON.stringify(name)} is not a header name`);
  return false;
}
