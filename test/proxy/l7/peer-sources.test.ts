import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EntryWorld } from './entry-world.ts';

let world: EntryWorld;
beforeAll(async () => {
  world = await EntryWorld.start({ instances: { one: { of: 'payments', app: (_req, res) => res.end('ok') } }, upstreams: ['payments'] });
});
afterAll(() => world.close());

const east = (Name: string, Action: string) => ({ Name, Peer: 'east', Action });
const local = (Name: string, Action: string) => ({ Name, Action });

describe.each(['http', 'tcp'])('an intention for callers of a cluster peer, where the protocol is %s', (Protocol) => {
  beforeAll(() => world.write('service-defaults', 'payments', { Protocol }));

  /** What web, of this mesh, is answered. */
  const ask = async (...Sources: object[]): Promise<string> => {
    await world.write('service-intentions', 'payments', { Sources });
    return world.call('payments').then(
      ({ status }) => String(status),
      () => 'ended',
    );
  };
  const refused = Protocol === 'http' ? '403' : 'ended';

  it('says nothing of a local service of that name', async () => {
    expect(await ask(east('web', 'deny'))).toBe('200');
    expect(await ask(east('*', 'deny'))).toBe('200');
    expect(await ask(east('web', 'allow'), local('*', 'deny'))).toBe(refused);
    expect(await ask(east('*', 'allow'), local('web', 'deny'))).toBe(refused);
    expect(await ask(east('web', 'deny'), local('web', 'allow'), local('*', 'deny'))).toBe('200');
  });
});
