import type { Result } from '../../base/result.ts';
import { didYouMean } from '../../base/suggest.ts';
import type { Decoded } from '../../schema/schema.ts';
import type { envoyExtensions } from '../fields.ts';
import { caution, type Problem, problem } from '../problem.ts';
import type { Block } from './arguments.ts';
import { FAULT_INJECTION, readFaultInjection } from './fault-injection.ts';
import { LOCAL_RATE_LIMIT, readLocalRateLimit } from './local-rate-limit.ts';
import { PROPERTY_OVERRIDE, readPropertyOverride } from './property-override.ts';

export type EnvoyExtensions = Decoded<typeof envoyExtensions>;

/** Those that have an effect here. */
const READERS: Readonly<Record<string, (args: Block) => Result<unknown, string[]>>> = {
  [LOCAL_RATE_LIMIT]: readLocalRateLimit,
  [FAULT_INJECTION]: readFaultInjection,
  [PROPERTY_OVERRIDE]: readPropertyOverride,
};

/** Those of Consul's that need an Envoy: kept and given to whoever asks for them. */
const STORED = [
  'builtin/aws/lambda',
  'builtin/ext-authz',
  'builtin/ext-proc',
  'builtin/lua',
  'builtin/otel-access-logging',
  'builtin/wasm',
];

/** In Consul's words: it makes each extension once, to see whether that can be done. */
export function validateExtensions(extensions: EnvoyExtensions | undefined): Problem[] {
  return (extensions ?? []).flatMap(({ Name: name = '', Required: required, Arguments: args = {} }, i): Problem[] => {
    const path = `EnvoyExtensions[${i}]`;
    if (name === '') return [problem('listed', `${path}.Name`, `invalid ${path}: Name is required`)];
    if (STORED.includes(name)) {
      const text = required ? `${name} is required, but it is not served here` : `${name} is stored, but not served here`;
      return [caution(`${path}.Name`, text, { detail: `the built-in proxy knows ${Object.keys(READERS).join(', ')}` })];
    }
    const read = Object.hasOwn(READERS, name) ? READERS[name]!(args) : undefined;
    if (!read) {
      const known = [...Object.keys(READERS), ...STORED];
      const text = `invalid ${path}[${name}]: name ${JSON.stringify(name)} is not a built-in extension`;
      return [problem('listed', `${path}.Name`, text, didYouMean(name, known))];
    }
    if (!read.ok) return read.error.map((text) => problem('listed', `${path}.Arguments`, `invalid ${path}[${name}]: ${text}`));
    return name === PROPERTY_OVERRIDE ? unservedPatches(args, path) : [];
  });
}

/** What the built-in proxy reads of patches; anything else is for Envoy. */
const SERVED_PATCHES = [{ resourceType: 'cluster', direction: 'outbound', path: '/load_balancing_policy' }];

function unservedPatches(args: Block, path: string): Problem[] {
  const read = readPropertyOverride(args);
  return (read.ok ? read.value : []).flatMap((patch, i): Problem[] => {
    const served = SERVED_PATCHES.some(
      ({ resourceType, direction, path: at }) =>
        patch.resourceType === resourceType && patch.direction === direction && (patch.path === at || patch.path.startsWith(`${at}/`)),
    );
    if (served) return [];
    return [caution(`${path}.Arguments.Patches[${i}]`, `the patch of ${patch.path} is stored, but has no effect here`)];
  });
}
