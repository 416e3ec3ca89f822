import { describe, expect, it } from 'vitest';
import { extensionsOf, patched } from '../../src/compile/extensions.ts';
import { put, snapshotOf } from '../catalog/registrations.ts';

const OUTBOUND = { resourceType: 'cluster', direction: 'outbound', service: 'payments' } as const;
const filter = (services: string[] = []) => ({
  ResourceType: 'cluster',
  TrafficDirection: 'outbound',
  Services: services.map((Name) => ({ Name })),
});
const patch = (Path: string, Value: unknown, services?: string[]) => ({ ResourceFilter: filter(services), Op: 'add', Path, Value });
const override = (...Patches: object[]) => ({ EnvoyExtensions: [{ Name: 'builtin/property-override', Arguments: { Patches } }] });
const patchesOf = (all: object, own: object) =>
  extensionsOf(snapshotOf(put('proxy-defaults', 'global', all), put('service-defaults', 'web', own)), 'dc1', 'web').patches;

describe('patches of properties', () => {
  it('hold in their order, those of the service last', () => {
    const patches = patchesOf(override(patch('/a/b', 1), patch('/c', 2)), override(patch('/a/b', 3)));
    expect([patched(patches, OUTBOUND, '/a/b'), patched(patches, OUTBOUND, '/c'), patched(patches, OUTBOUND, '/d')]).toEqual([
      3,
      2,
      undefined,
    ]);
  });

  it('put whole messages', () => {
    const patches = patchesOf(override(patch('/a', { b: 1 })), {});
    expect([patched(patches, OUTBOUND, '/a/b'), patched(patches, OUTBOUND, '/ab')]).toEqual([1, undefined]);
  });

  it('are for the services, the direction and the resource that they name', () => {
    const patches = patchesOf(override(patch('/a', 1, ['payments'])), {});
    expect(patched(patches, { ...OUTBOUND, service: 'other' }, '/a')).toBeUndefined();
    expect(patched(patches, { ...OUTBOUND, direction: 'inbound' }, '/a')).toBeUndefined();
    expect(patched(patches, { ...OUTBOUND, resourceType: 'route' }, '/a')).toBeUndefined();
    expect(patched(patches, OUTBOUND, '/a')).toBe(1);
  });

  it('may take back what an earlier one has set', () => {
    const removal = { ResourceFilter: filter(), Op: 'remove', Path: '/a' };
    expect(patched(patchesOf(override(patch('/a', 1)), override(removal)), OUTBOUND, '/a')).toBeUndefined();
  });
});
