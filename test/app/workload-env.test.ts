import { expect, it } from 'vitest';
import { workloadEnv } from '../../src/app/workload-env.ts';

it('passes on what a program needs to run, and none of the user’s secrets or switches of Node', () => {
  const env = {
    PATH: '/bin',
    HOME: '/home/me',
    TZ: 'UTC',
    LANG: undefined,
    AWS_SECRET_ACCESS_KEY: 'secret',
    CONSUL_HTTP_TOKEN: 'secret',
    NODE_OPTIONS: '--inspect',
    NODE_EXTRA_CA_CERTS: '/etc/ca.pem',
    MESH_HOME: '/srv/mesh',
  };
  expect(workloadEnv(env)).toEqual({ PATH: '/bin', HOME: '/home/me', TZ: 'UTC' });
});
