import type { Diagnostic } from '../../base/diagnostic.ts';
import { didYouMean } from '../../base/suggest.ts';
import type { Json } from '../../schema/located.ts';
import { errorHere, type Place, under, warningHere } from '../../schema/place.ts';
import type { Found } from '../stores.ts';
import { FIELDS, fieldOf, type PodContext } from './context.ts';
import { parseQuantity } from './quantity.ts';
import type { ResourceFieldRef } from './reference-schema.ts';
import type { Container } from './schema.ts';

/** The value of a `fieldRef`. `read` is what may be asked for: files know more than variables. */
export function fieldValue(path: string, at: Place, pod: PodContext, read = fieldOf): Found<string> {
  const value = read(pod, path);
  if (value !== undefined) return { type: 'found', value };
  const known = Object.keys(FIELDS);
  const diagnostic = errorHere(under(at, 'fieldPath'), `there is no field "${path}"`, {
    detail: `expected metadata.labels['…'], metadata.annotations['…'] or one of: ${known.join(', ')}`,
    ...didYouMean(path, known),
  });
  return { type: 'problem', diagnostic };
}

const RESOURCES = ['cpu', 'memory', 'ephemeral-storage'].flatMap((name) => [`limits.${name}`, `requests.${name}`]);

/**
 * The value of a `resourceFieldRef`: what the manifest says, rounded up to whole units. A cluster falls back to what its node
 * has; here such a value is left out. `own`: the container that asks, where none is named.
 */
export function resourceValue(ref: ResourceFieldRef, at: Place, pod: PodContext, own?: Container): Found<string> {
  const problem = (field: string, summary: string, more: Partial<Diagnostic> = {}): Found<string> => ({
    type: 'problem',
    diagnostic: errorHere(under(at, field), summary, more),
  });
  const names = pod.containers.map(({ name }) => name);
  const container = ref.containerName === undefined ? own : pod.containers.find(({ name }) => name === ref.containerName);
  if (!container) {
    if (ref.containerName === undefined) return problem('containerName', '"resourceFieldRef" needs "containerName" here');
    const more = { detail: `containers: ${names.join(', ')}`, ...didYouMean(ref.containerName, names) };
    return problem('containerName', `there is no container "${ref.containerName}" in this pod`, more);
  }
  if (!RESOURCES.includes(ref.resource)) {
    const detail = `expected one of: ${RESOURCES.join(', ')}`;
    return problem('resource', `there is no resource "${ref.resource}"`, { detail, ...didYouMean(ref.resource, RESOURCES) });
  }
  const divisor = ref.divisor === undefined ? 1 : quantityOf(ref.divisor);
  if (!divisor) return problem('divisor', 'a divisor must be a quantity such as 1, 1m or 1Mi');
  const [kind, name] = ref.resource.split('.', 2) as ['limits' | 'requests', string];
  // Kubernetes: a request that is not given is the limit.
  const given = container.resources?.[kind]?.[name] ?? container.resources?.limits?.[name];
  if (given === undefined) {
    const summary = `container "${container.name}" has no ${ref.resource}; the value is left out`;
    return { type: 'problem', diagnostic: warningHere(under(at, 'resource'), summary) };
  }
  const quantity = quantityOf(given);
  if (quantity === undefined) return problem('resource', `${ref.resource} of container "${container.name}" is not a quantity`);
  // A thousandth of 1.5 is not quite 1500 in floating point; nothing is meant that precisely.
  return { type: 'found', value: String(Math.ceil(Number((quantity / divisor).toPrecision(12)))) };
}

const quantityOf = (value: Json): number | undefined =>
  typeof value === 'string' || typeof value === 'number' ? parseQuantity(`${value}`) : undefined;
