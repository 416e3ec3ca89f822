import type { Diagnostic } from '../../base/diagnostic.ts';
import type { StopHook } from '../../base/pod.ts';
import { errorHere, type Place, under, warningAtKey, warningHere } from '../../schema/place.ts';
import { execAction, requestOf } from './actions.ts';
import { resolvePort, tcpPorts } from './ports.ts';
import type { Container } from './schema.ts';

/** What a container does before it is asked to end; undefined when that is nothing. */
export function stopHook(container: Container, at: Place, out: Diagnostic[]): StopHook | undefined {
  const spec = container.lifecycle?.preStop;
  if (!spec) return undefined;
  const place = under(at, 'lifecycle', 'preStop');
  const given = (['exec', 'httpGet', 'sleep', 'tcpSocket'] as const).filter((action) => spec[action] !== undefined);
  if (given.length !== 1) {
    out.push(errorHere(place, `a hook ${given.length === 0 ? 'needs one of' : 'takes only one of'}: exec, httpGet, sleep`));
    return undefined;
  }
  if (spec.exec) return execAction(spec.exec, place, 'hook', out);
  if (spec.sleep) return { type: 'sleep', ms: spec.sleep.seconds * 1000 };
  if (!spec.httpGet) {
    out.push(warningAtKey(under(place, 'tcpSocket'), 'a hook of type tcpSocket does nothing, as in Kubernetes'));
    return undefined;
  }
  const { port: wanted, host, scheme } = spec.httpGet;
  if (host !== undefined)
    out.push(warningHere(under(place, 'httpGet', 'host'), 'the "host" of a hook is ignored: the pod itself is called'));
  if (scheme === 'HTTPS') out.push(warningHere(under(place, 'httpGet', 'scheme'), 'hooks are called without TLS'));
  const port = resolvePort(tcpPorts([container]), wanted, under(place, 'httpGet', 'port'), `container "${container.name}" has`);
  if (typeof port !== 'number') {
    out.push(port);
    return undefined;
  }
  return { type: 'http', port, ...requestOf(spec.httpGet) };
}
