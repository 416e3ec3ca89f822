import type { CheckRun } from '../../catalog/types.ts';
import { checkTypeOf } from '../registration/check.ts';
import { critical, type Probe } from './outcome.ts';

/** How a check is made that is made from time to time. Undefined for one that is told (ttl) or that follows (alias). Each loads what it needs when it is first used. */
export function probeOf(run: CheckRun): Probe | undefined {
  switch (checkTypeOf(run)) {
    case 'http':
      return async (...given) => (await import('./http.ts')).probeHttp(...given);
    case 'tcp':
      return async (...given) => (await import('./tcp.ts')).probeTcp(...given);
    case 'udp':
      return async (...given) => (await import('./udp.ts')).probeUdp(...given);
    case 'grpc':
      return async (...given) => (await import('./grpc.ts')).probeGrpc(...given);
    case 'h2ping':
      return async (...given) => (await import('./h2ping.ts')).probeH2Ping(...given);
    case 'script':
      return async (...given) => (await import('./script.ts')).probeScript(...given);
    case 'docker':
      return async (...given) => (await import('./docker.ts')).probeDocker()(...given);
    case 'os_service':
      // Consul: a matter of Windows.
      return () => Promise.resolve(critical('not implemented'));
    default:
      return undefined;
  }
}
