import type { Diagnostic } from '../base/diagnostic.ts';
import { didYouMean } from '../base/suggest.ts';
import { errorHere, type Place } from '../schema/place.ts';

/** What texts of a task may name between `${` and `}`: variables of its environment, and what is known of the node. */
export interface Values {
  readonly env: Readonly<Record<string, string>>;
  /** `node.datacenter`, `attr.kernel.name`, `meta.zone`. */
  readonly node: Readonly<Record<string, string>>;
}

const NAME = /\$\{([^{}]*)\}/g;

/** The text with its names replaced. Reports, at `at`, one that nobody has; it stays as it is. */
export function interpolate(text: string, values: Values, at: Place, out: Diagnostic[]): string {
  return text.replace(NAME, (whole: string, inner: string) => {
    const name = inner.trim();
    const value = lookUp(name, values);
    if (value === undefined) {
      out.push(unknown(name, values, at));
      return whole;
    }
    return value;
  });
}

function lookUp(name: string, { env, node }: Values): string | undefined {
  const quoted = /^env\["([^"]*)"\]$/.exec(name)?.[1];
  if (quoted !== undefined) return Object.hasOwn(env, quoted) ? env[quoted] : '';
  if (Object.hasOwn(env, name)) return env[name];
  return Object.hasOwn(node, name) ? node[name] : undefined;
}

function unknown(name: string, { env, node }: Values, at: Place): Diagnostic {
  const known = [...Object.keys(env), ...Object.keys(node)];
  const near = didYouMean(name, known);
  if (name.startsWith('NOMAD_')) {
    const same = known.filter((one) => one.startsWith(name.split('_').slice(0, 2).join('_')));
    const detail =
      same.length === 0
        ? 'known are NOMAD_PORT_<label>, NOMAD_ADDR_<label>, NOMAD_UPSTREAM_ADDR_<service> and the like'
        : `there are: ${same.join(', ')}`;
    return errorHere(at, `the task has no \${${name}}`, { detail, ...near });
  }
  const detail = /^(node|attr|meta|device)\b/.test(name)
    ? `of the node are known: ${Object.keys(node).join(', ')}`
    : 'neither a variable of its environment nor a value of the job file: those are var.<name> and local.<name>';
  return errorHere(at, `the task has no \${${name}}`, { detail, ...near });
}
