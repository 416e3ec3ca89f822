import { type Diagnostic, warningAt } from '../base/diagnostic.ts';
import { nearest, SUGGESTION } from '../base/suggest.ts';
import type { LoweredResource } from './calls.ts';
import type { Loaded } from './loaded.ts';
import { locatePath } from './locate-path.ts';
import { resourceTypeOf } from './resources/index.ts';

const DOMAIN = '.shipyard.run';

/** Those of Services are made by a cluster as its manifests say. */
const CLUSTERS = /\.k8s[_-]cluster\.shipyard\.run$/i;

/** Attributes of workloads and commands that say whom they talk to. */
interface Speaking {
  readonly env?: readonly { readonly value: string }[];
  readonly env_var?: Readonly<Record<string, string>>;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly args?: readonly string[];
}

const SPEAKING_TYPES = ['container', 'sidecar', 'process', 'exec_local', 'exec_remote'];

/**
 * Warns of names that nothing has, of this blueprint or running: `http://hsc.container.shipyard.run:8500`. No error: another
 * blueprint may still bring it.
 */
export function checkHostNames(loaded: readonly Loaded[], resources: readonly LoweredResource[]): Diagnostic[] {
  const known = resources.flatMap(({ type, spec }) => resourceTypeOf(type)?.names?.(spec) ?? []);
  const taken = new Set(known.map((name) => name.toLowerCase()));
  return loaded
    .filter(({ type }) => SPEAKING_TYPES.includes(type.type))
    .flatMap(({ config, located }) =>
      wordsOf(config as Speaking | undefined).flatMap(({ text, at }) =>
        [...new Set(namesIn(text))]
          .filter((name) => !taken.has(name.toLowerCase()))
          .map((name) => unknownName(name, known, () => locatePath(located, at))),
      ),
    );
}

function namesIn(text: string): string[] {
  const found = text.match(/(?<![\w.-])[A-Za-z0-9][\w-]*(?:\.[\w-]+)*\.shipyard\.run(?![\w-]|\.\w)/gi) ?? [];
  return found.filter((name) => !CLUSTERS.test(name));
}

function wordsOf(config: Speaking | undefined): { text: string; at: string }[] {
  const { env = [], env_var: variables = {}, ...words } = config ?? {};
  const lists = (['entrypoint', 'command', 'args'] as const).flatMap((name) =>
    (words[name] ?? []).map((text, i) => ({ text, at: `${name}[${i}]` })),
  );
  return [
    ...env.map(({ value }, i) => ({ text: value, at: `env[${i}].value` })),
    ...Object.entries(variables).map(([name, text]) => ({ text, at: `env_var.${name}` })),
    ...lists,
  ];
}

function unknownName(name: string, known: readonly string[], at: () => Diagnostic['subject']): Diagnostic {
  const ours = known.filter((other) => other.endsWith(DOMAIN));
  const near = nearestName(name, ours);
  return warningAt(at(), `nothing here is called ${name}`, {
    detail: ours.length === 0 ? 'neither this blueprint nor what runs has such names' : `there are: ${ours.join(', ')}`,
    ...(near === undefined ? {} : { hint: `${SUGGESTION}"${near}"?` }),
  });
}

/** By its first part, since all that follows is the same; one of another type, if it has just that name. */
function nearestName(name: string, known: readonly string[]): string | undefined {
  const labelOf = (one: string) => one.slice(0, one.indexOf('.'));
  const label = nearest(labelOf(name), known.map(labelOf));
  return known.find((other) => labelOf(other) === label);
}
