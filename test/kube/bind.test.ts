import { expect, it } from 'vitest';
import { bindPod } from '../../src/kube/bind.ts';
import { interpret } from '../../src/kube/interpret.ts';
import { readManifests } from '../../src/kube/read.ts';

const text = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      volumes: [{name: scratch, emptyDir: {}}, {name: host, hostPath: {path: /srv}}]
      containers:
        - name: web
          image: a/b
          command: [serve, --ip=$(IP)]
          args: ["$(IP):$(IP)"]
          env: [{name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]
          volumeMounts: [{name: scratch, mountPath: /tmp, subPath: a}, {name: host, mountPath: /host}]
`;

it('fills in address and folder, and leaves nothing to be filled in', () => {
  const { pods } = interpret(readManifests([{ name: 'web.yml', text }]).objects, {
    cluster: 'dev',
    injectByDefault: false,
    resourceId: 'k8s_config.app',
  });
  const workloads = bindPod(pods[0]!, { address: '10.5.0.7', folder: '/home/pods/web-0' });
  expect(workloads).toMatchObject([
    {
      id: 'k8s_config.app/web-0/web',
      address: '10.5.0.7',
      env: { IP: '10.5.0.7' },
      entrypoint: ['serve', '--ip=10.5.0.7'],
      command: ['10.5.0.7:10.5.0.7'],
      mounts: [{ source: { path: '/home/pods/web-0/scratch/a' } }, { source: { path: '/srv' } }],
    },
  ]);
  expect(JSON.stringify(workloads)).not.toContain('{{mesh.');
});
