import { expect, it } from 'vitest';
import { bindPod } from '../../src/base/bind-pod.ts';
import type { PodPlan } from '../../src/base/pod.ts';
import { interpret } from '../../src/kube/interpret.ts';
import { readManifests } from '../../src/kube/read.ts';

const text = `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  serviceName: web
  volumeClaimTemplates: [{metadata: {name: data}}]
  template:
    metadata: {labels: {app: web}}
    spec:
      volumes: [{name: scratch, emptyDir: {}}, {name: host, hostPath: {path: /srv}}]
      containers:
        - name: web
          image: a/b
          command: [serve, --ip=$(IP)]
          args: ["$(IP):$(IP)", $(NAME)]
          env:
            - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
            - {name: NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
            - {name: UID, valueFrom: {fieldRef: {fieldPath: metadata.uid}}}
          volumeMounts: [{name: scratch, mountPath: /tmp, subPath: a}, {name: host, mountPath: /host}, {name: data, mountPath: /data}]
`;

function plan(): PodPlan {
  const injector = { injectByDefault: false, allowNamespaces: ['*'], denyNamespaces: [] };
  const options = { cluster: 'dev', datacenter: 'dc1', injector, resourceId: 'k8s_config.app' };
  return interpret(readManifests([{ name: 'web.yml', text }]).objects, options).sets[0]!.pod;
}

const at = (index: number) => ({ name: `web-${index}`, index, address: `10.5.0.${index}`, folder: 'pods/"quoted"', claims: 'volumes' });

it('fills in name, address and folders, and leaves nothing to be filled in', () => {
  const pod = bindPod(plan(), at(7));
  expect(pod).toMatchObject({
    labels: { app: 'web', 'apps.kubernetes.io/pod-index': '7', 'statefulset.kubernetes.io/pod-name': 'web-7' },
    names: ['web-7.web.default.svc.cluster.local.dev.k8s_cluster.shipyard.run'],
    containers: [
      {
        id: 'k8s_config.app/web-7/web',
        name: 'web-7',
        address: '10.5.0.7',
        env: { IP: '10.5.0.7', NAME: 'web-7' },
        entrypoint: ['serve', '--ip=10.5.0.7'],
        command: ['10.5.0.7:10.5.0.7', 'web-7'],
        mounts: [
          { source: { path: 'pods/"quoted"/scratch/a' } },
          { source: { path: '/srv' } },
          { source: { path: 'volumes/default/data-web-7' } },
        ],
      },
    ],
  });
  expect(JSON.stringify(pod)).not.toContain('{{mesh.');
});

it('gives a pod the same uid in every run, and another one to every pod', () => {
  const uid = (index: number) => bindPod(plan(), at(index)).containers[0]!.env['UID'];
  expect(uid(0)).toBe(uid(0));
  expect(uid(0)).not.toBe(uid(1));
  expect(uid(0)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
});
