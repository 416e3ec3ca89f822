import { expect, it } from 'vitest';
import { listenPorts } from '../../src/base/listen-ports.ts';

it.each([
  [{ LISTEN_ADDR: '0.0.0.0:9090' }, [9090]],
  [{ LISTEN_ADDR: ':9090' }, [9090]],
  [{ bind_addr: '[::]:9090' }, [9090]],
  [{ HTTP_ADDRESS: ':80', GRPC_LISTEN: ':81' }, [80, 81]],
  [{ PORT: ':9090' }, []],
  [{ UPSTREAM_ADDR: '10.5.0.110:9090' }, []],
  [{ LISTEN_ADDR: '127.0.0.1:9090', BIND: 'localhost:9091' }, [9090, 9091]],
  [{ CONSUL_HTTP_ADDR: '127.0.0.1:8500', VAULT_ADDR: 'localhost:8200' }, []],
  [{ LISTEN_ADDR: '0.0.0.0' }, []],
  [{ LISTEN_ADDR: '0.0.0.0:9090/x' }, []],
  [{}, []],
])('%j: %j', (env, ports) => {
  expect(listenPorts(env as Record<string, string>)).toEqual(ports);
});
