import type { Diagnostic } from '../../base/diagnostic.ts';
import { parseGoBool } from '../../base/go-parse.ts';
import { errorHere, warningAtKey } from '../../schema/place.ts';
import type { InjectorOptions } from '../plan.ts';
import type { Annotations } from './annotation-map.ts';
import { PREFIX } from './annotations.ts';

/** consul-k8s never injects into these. */
const SYSTEM_NAMESPACES = ['kube-system', 'kube-public', 'local-path-storage'];

/** Whether a pod gets a sidecar: its annotation decides, else the chart; in a namespace that is left out, nobody gets one. */
export function wantsSidecar(annotations: Annotations, namespace: string, injector: InjectorOptions, out: Diagnostic[]): boolean {
  const wanted = annotated(annotations, out) ?? injector.injectByDefault;
  const leftOut = whyLeftOut(namespace, injector);
  const asking = ['connect-inject', 'connect-service-upstreams', 'connect-service', 'connect-service-port'].find(
    (name) => annotations.get(name) !== undefined,
  );
  if (wanted && leftOut === undefined) return true;
  if (asking !== undefined && (wanted || annotations.get('connect-inject') === undefined)) {
    const summary = `the annotation "${PREFIX}${asking}" has no effect: the pod gets no sidecar`;
    const why = wanted ? { detail: leftOut! } : { hint: `add ${PREFIX}connect-inject: "true"` };
    out.push(warningAtKey(annotations.place(asking), summary, why));
  }
  return false;
}

/** Go's ParseBool, which the injector uses. Undefined without the annotation. */
function annotated(annotations: Annotations, out: Diagnostic[]): boolean | undefined {
  const value = annotations.get('connect-inject');
  if (value === undefined) return undefined;
  const wanted = value === '' ? undefined : parseGoBool(value);
  if (wanted === undefined) out.push(errorHere(annotations.place('connect-inject'), `"${value}" is neither "true" nor "false"`));
  return wanted ?? false;
}

function whyLeftOut(namespace: string, { allowNamespaces, denyNamespaces }: InjectorOptions): string | undefined {
  const lists = (names: readonly string[]): boolean => names.includes('*') || names.includes(namespace);
  if (SYSTEM_NAMESPACES.includes(namespace)) return `nothing is injected into the namespace "${namespace}"`;
  if (lists(denyNamespaces)) return `the chart denies the namespace "${namespace}" (connectInject.k8sDenyNamespaces)`;
  if (!lists(allowNamespaces)) return `the chart does not allow the namespace "${namespace}" (connectInject.k8sAllowNamespaces)`;
  return undefined;
}
