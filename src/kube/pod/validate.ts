import type { Diagnostic } from '../../base/diagnostic.ts';
import { isIpv4 } from '../../base/ipv4.ts';
import { errorHere, type Place, under, valueAt, warningAtKey } from '../../schema/place.ts';
import { validateLabelName, validateLabels } from '../names.ts';
import { isPortName } from './ports.ts';
import type { Container, PodTemplate } from './schema.ts';

/** Known fields whose absence here changes what the pod does. */
const POD_LOSSES: Record<string, string> = {
  ephemeralContainers: 'ephemeral containers are not run',
  hostNetwork: 'hostNetwork is not supported; the pod has an address of its own',
};

const CONTAINER_LOSSES: Record<string, string> = {
  volumeDevices: 'volumeDevices are not supported',
};

/** Problems of the shape of a pod, before anything is looked up in other objects. */
export function validatePodTemplate(template: PodTemplate, at: Place): Diagnostic[] {
  const spec = under(at, 'spec');
  const { containers, initContainers, volumes, hostAliases } = template.spec;
  const diagnostics = [
    ...validateLabels(template.metadata?.labels ?? {}, under(at, 'metadata', 'labels')),
    ...losses(spec, POD_LOSSES),
    ...initContainers.flatMap((container, i) => validateInit(container, under(spec, 'initContainers', i))),
    ...containers.flatMap((container, i) => validateMain(container, under(spec, 'containers', i))),
    ...volumes.flatMap((volume, i) => validateLabelName(volume.name, under(spec, 'volumes', i, 'name'))),
    ...repeated(
      [...initContainers, ...containers],
      (i) => (i < initContainers.length ? under(spec, 'initContainers', i) : under(spec, 'containers', i - initContainers.length)),
      'container',
    ),
    ...repeated(volumes, (i) => under(spec, 'volumes', i), 'volume'),
    ...hostAliases.flatMap(({ ip }, i) =>
      isIpv4(ip) ? [] : [errorHere(under(spec, 'hostAliases', i, 'ip'), `${JSON.stringify(ip)} is not an IPv4 address`)],
    ),
    ...(['hostname', 'subdomain'] as const).flatMap((field) => {
      const name = template.spec[field];
      return name === undefined ? [] : validateLabelName(name, under(spec, field));
    }),
  ];
  if (containers.length === 0) diagnostics.push(errorHere(under(spec, 'containers'), 'a pod needs at least one container'));
  return diagnostics;
}

/** Kubernetes: pods that are kept running are always restarted, those of a Job never, or on failure. `kind`: `a Job`. */
export function validateRestartPolicy(template: PodTemplate, at: Place, allowed: readonly string[], kind: string): Diagnostic[] {
  const policy = template.spec.restartPolicy ?? 'Always';
  if (allowed.includes(policy)) return [];
  const what =
    template.spec.restartPolicy === undefined ? `${kind} needs "restartPolicy"` : `the pods of ${kind} can't have restartPolicy ${policy}`;
  return [errorHere(under(at, 'spec', 'restartPolicy'), what, { detail: `expected ${allowed.join(' or ')}` })];
}

function validateMain(container: Container, at: Place): Diagnostic[] {
  const diagnostics = validateContainer(container, at);
  if (container.restartPolicy !== undefined) {
    diagnostics.push(errorHere(under(at, 'restartPolicy'), '"restartPolicy" of a container is for initContainers'));
  }
  return diagnostics;
}

/** Kubernetes: only an init container that is kept running has probes and hooks. */
function validateInit(container: Container, at: Place): Diagnostic[] {
  const misplaced = (['readinessProbe', 'livenessProbe', 'startupProbe', 'lifecycle'] as const).filter(
    (field) => container.restartPolicy === undefined && container[field] !== undefined,
  );
  return [
    ...validateContainer(container, at),
    ...misplaced.map((field) =>
      errorHere(under(at, field), `an init container that runs to its end can't have "${field}"`, {
        hint: 'write restartPolicy: Always to keep it running',
      }),
    ),
  ];
}

function validateContainer(container: Container, at: Place): Diagnostic[] {
  const diagnostics = [
    ...validateLabelName(container.name, under(at, 'name')),
    ...losses(at, CONTAINER_LOSSES),
    ...losses(under(at, 'lifecycle'), { postStart: 'postStart hooks are not run' }),
  ];
  if (!/^\S+$/.test(container.image)) {
    const what = container.image === '' ? 'is empty' : 'is not the reference of an image';
    diagnostics.push(errorHere(under(at, 'image'), `the image of container "${container.name}" ${what}`));
  }
  const names = new Set<string>();
  container.ports.forEach(({ name }, i) => {
    if (name === undefined) return;
    const place = under(at, 'ports', i, 'name');
    if (!isPortName(name)) {
      diagnostics.push(
        errorHere(place, `${JSON.stringify(name)} can't be the name of a port`, {
          detail: "expected at most 15 lower-case letters, digits and '-', with a letter among them",
        }),
      );
    }
    if (names.has(name)) diagnostics.push(errorHere(place, `two ports of container "${container.name}" are called "${name}"`));
    names.add(name);
  });
  return [...diagnostics, ...validateEnv(container, at)];
}

function validateEnv(container: Container, at: Place): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  container.env.forEach((variable, i) => {
    const place = under(at, 'env', i);
    // Kubernetes allows more since 1.30; a name that holds `=` or nothing can't be passed to any process.
    if (variable.name === '' || /[=\0]/.test(variable.name)) {
      diagnostics.push(errorHere(under(place, 'name'), `${JSON.stringify(variable.name)} can't be the name of an environment variable`));
    }
    const sources = Object.keys(variable.valueFrom ?? {}).length;
    if (variable.valueFrom === undefined) return;
    if (variable.value) diagnostics.push(errorHere(place, `"${variable.name}" has both "value" and "valueFrom"`));
    if (sources !== 1) {
      diagnostics.push(
        errorHere(under(place, 'valueFrom'), `"valueFrom" of "${variable.name}" needs exactly one source`, {
          detail: 'configMapKeyRef, secretKeyRef, fieldRef or resourceFieldRef',
        }),
      );
    }
  });
  container.envFrom.forEach((from, i) => {
    if ((from.configMapRef === undefined) === (from.secretRef === undefined)) {
      diagnostics.push(errorHere(under(at, 'envFrom', i), 'an item of "envFrom" needs either "configMapRef" or "secretRef"'));
    }
  });
  return diagnostics;
}

function losses(at: Place, fields: Record<string, string>): Diagnostic[] {
  return Object.entries(fields)
    .filter(([field]) => isSet(under(at, field)))
    .map(([field, summary]) => warningAtKey(under(at, field), summary));
}

function isSet(at: Place): boolean {
  const value = valueAt(at);
  if (value === undefined || value.type === 'null') return false;
  return !(value.type === 'bool' && !value.value) && !(value.type === 'list' && value.items.length === 0);
}

function repeated(items: readonly { name: string }[], placeOf: (index: number) => Place, what: string): Diagnostic[] {
  return items.flatMap(({ name }, i) =>
    items.findIndex((item) => item.name === name) < i
      ? [errorHere(under(placeOf(i), 'name'), `two ${what}s of this pod are called "${name}"`)]
      : [],
  );
}
