import { createRoot } from '../../src/pki/root.ts';
import { random } from './harness.ts';

/** A certificate that nobody has heard of, with its key: a root that serves by itself. */
export function testTls(): { cert: string; key: string } {
  const { certPem, keyPem } = createRoot({ trustDomain: 'tests.consul', serial: 1, now: Date.now(), random });
  return { cert: certPem, key: keyPem };
}
