import type { Result } from '../base/result.ts';

/**
 * Puts values in where a text has `${value.name}`, in lower case, as Consul does for what a login is bound to (HIL, without
 * its functions). `$${` stands for `${`. The error is in Consul's words.
 */
export function interpolate(template: string, values: ReadonlyMap<string, string>): Result<string, string> {
  let text = '';
  for (let at = 0; at < template.length; ) {
    const open = template.indexOf('${', at);
    if (open === -1) return { ok: true, value: text + template.slice(at) };
    if (template[open - 1] === '$' && open > at) {
      text += `${template.slice(at, open - 1)}\${`;
      at = open + 2;
      continue;
    }
    text += template.slice(at, open);
    const inside = /^\s*([A-Za-z_][\w.-]*)\s*\}/.exec(template.slice(open + 2));
    if (!inside) return { ok: false, error: 'parse error: syntax error' };
    const [all, name = ''] = inside;
    const value = values.get(name);
    if (value === undefined) {
      const column = open + 3 + all.indexOf(name);
      return { ok: false, error: `1:${column}: unknown variable accessed: ${name}` };
    }
    text += value.toLowerCase();
    at = open + 2 + all.length;
  }
  return { ok: true, value: text };
}
