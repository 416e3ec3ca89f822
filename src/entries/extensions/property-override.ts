import type { Result } from '../../base/result.ts';
import { argument, type Block, blockOf, blocksOf, textOf } from './arguments.ts';

export const PROPERTY_OVERRIDE = 'builtin/property-override';

export type ResourceType = 'cluster' | 'cluster-load-assignment' | 'listener' | 'route';
export type TrafficDirection = 'inbound' | 'outbound';

/** One change of a field of what Consul makes for Envoy. */
export interface PropertyPatch {
  readonly resourceType: ResourceType;
  readonly direction: TrafficDirection;
  /** Upstream services that it is about; none: all. */
  readonly services: readonly string[];
  readonly op: 'add' | 'remove';
  /** Envoy's field names: `/outlier_detection/base_ejection_time/seconds`. Elements of lists can't be named. */
  readonly path: string;
  readonly value: unknown;
}

const RESOURCE_TYPES = ['cluster', 'cluster-load-assignment', 'listener', 'route'];
const DIRECTIONS = ['inbound', 'outbound'];
const OPS = ['add', 'remove'];

/** Errors are in Consul's words. Whether Envoy has such a field isn't looked at. */
export function readPropertyOverride(args: Block): Result<PropertyPatch[], string[]> {
  const blocks = blocksOf(argument(args, 'Patches'));
  if (blocks.length === 0) return { ok: false, error: ['at least one patch is required'] };
  const errors: string[] = [];
  const patches = blocks.map((block, i) => {
    const [patch, wrong] = readPatch(block);
    if (wrong !== undefined) errors.push(`invalid Patches[${i}]: ${wrong}`);
    return patch;
  });
  const proxyType = textOf(argument(args, 'ProxyType')) || 'connect-proxy';
  if (proxyType !== 'connect-proxy') errors.push('invalid ProxyType');
  return errors.length > 0 ? { ok: false, error: errors } : { ok: true, value: patches };
}

function readPatch(block: Block): [PropertyPatch, string | undefined] {
  const filter = blockOf(argument(block, 'ResourceFilter')) ?? {};
  const patch: PropertyPatch = {
    resourceType: textOf(argument(filter, 'ResourceType')) as ResourceType,
    direction: textOf(argument(filter, 'TrafficDirection')) as TrafficDirection,
    services: blocksOf(argument(filter, 'Services')).map((service) => textOf(argument(service, 'Name'))),
    op: textOf(argument(block, 'Op')) as PropertyPatch['op'],
    path: textOf(argument(block, 'Path')),
    value: argument(block, 'Value'),
  };
  return [patch, patchProblem(patch)];
}

function patchProblem({ resourceType, direction, services, op, path, value }: PropertyPatch): string | undefined {
  if (!resourceType && !direction && services.length === 0) return 'field ResourceFilter is required';
  const wrong =
    oneOf(resourceType, RESOURCE_TYPES, 'ResourceType') ??
    oneOf(direction, DIRECTIONS, 'TrafficDirection') ??
    (services.length > 0 && direction !== 'outbound'
      ? 'patch contains non-empty ResourceFilter.Services but ResourceFilter.TrafficDirection is not "outbound"'
      : undefined) ??
    (services.includes('') ? 'service name is required' : undefined) ??
    oneOf(op, OPS, 'Op');
  if (wrong !== undefined) return wrong;
  if (op === 'remove' && value !== undefined) return 'field Value is not supported for remove operation';
  if (op === 'add' && (value === undefined || value === null)) return 'non-nil Value is required';
  return path === '' || path === '/' ? 'non-empty, non-root Path is required' : undefined;
}

function oneOf(value: string, allowed: readonly string[], field: string): string | undefined {
  if (value === '') return `field ${field} is required`;
  return allowed.includes(value) ? undefined : `invalid ${field} ${JSON.stringify(value)}`;
}
