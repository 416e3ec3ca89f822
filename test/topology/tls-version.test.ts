import { expect, it } from 'vitest';
import type { TlsParameters } from '../../src/compile/proxy-config.ts';
import { commonTlsVersion } from '../../src/topology/tls-version.ts';

it.each<[TlsParameters, TlsParameters, string | undefined]>([
  [{}, {}, 'TLSv1.3'],
  [{ minVersion: 'TLSv1.2' }, {}, 'TLSv1.3'],
  [{ minVersion: 'TLSv1.2' }, { maxVersion: 'TLSv1.2' }, 'TLSv1.2'],
  [{ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.2' }, { minVersion: 'TLSv1.1' }, 'TLSv1.2'],
  [{}, { maxVersion: 'TLSv1.2' }, undefined],
])('of %j and %j the newest version in common is %s', (here, there, expected) => {
  expect(commonTlsVersion(here, there)).toBe(expected);
  expect(commonTlsVersion(there, here)).toBe(expected);
});
