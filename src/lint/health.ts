import type { Finding } from '../api/finding.ts';
import { type Instance, serviceInstances, worstStatus } from '../catalog/queries.ts';
import type { Check } from '../catalog/types.ts';
import { ofService } from './finding.ts';
import { type Looked, serviceNames } from './names.ts';

/** Services with instances that fail, and which check says so. */
export function unhealthyServices(looked: Looked): Finding[] {
  return serviceNames(looked).flatMap((name) => {
    const instances = serviceInstances(looked.s, looked.dc, name).value;
    const failing = instances.filter(({ checks }) => worstStatus(checks) !== 'passing');
    if (failing.length === 0) return [];
    const none = instances.every(({ checks }) => worstStatus(checks) === 'critical');
    const all = instances.length === 1 ? 'its instance' : `${failing.length} of its ${instances.length} instances`;
    return [
      {
        code: 'unhealthy',
        severity: none ? 'error' : 'warning',
        summary: `${name}: ${all} ${failing.length === 1 ? 'is' : 'are'} not healthy: ${failing.map(complaint).join('; ')}`,
        fix: `mesh status ${name}, mesh logs ${name}`,
        datacenter: looked.dc,
        about: ofService(name),
      },
    ];
  });
}

/** `payments-1: check "service:payments-1" is critical ("connection refused")` */
export function complaint({ service, checks }: Instance): string {
  const failing = checks.filter(({ Status }) => Status !== 'passing');
  return `${service.ID}: ${failing.map(describeCheck).join(', ')}`;
}

function describeCheck({ CheckID, Status, Output }: Check): string {
  const output = oneLine(Output);
  return `check ${JSON.stringify(CheckID)} is ${Status}${output === '' ? '' : ` (${output})`}`;
}

const MOST = 160;

/** Programs write what they like: control characters are for no terminal. */
export function oneLine(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return plain.length > MOST ? `${plain.slice(0, MOST)}…` : plain;
}
