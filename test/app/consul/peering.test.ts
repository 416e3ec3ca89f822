import { afterAll, beforeAll, expect, it } from 'vitest';
import { runConsul } from '../../../src/app/consul/top.ts';
import { testIo } from '../../commands/io.ts';
import { openTestApi, type TestApi } from '../../control/http/api.ts';

let here: TestApi;
let there: TestApi;
beforeAll(async () => {
  [here, there] = await Promise.all([openTestApi(), openTestApi()]);
});
afterAll(() => Promise.all([here[Symbol.asyncDispose](), there[Symbol.asyncDispose]()]));

async function run(api: TestApi, ...argv: string[]) {
  const io = testIo({ env: { CONSUL_HTTP_ADDR: api.address } });
  const code = await runConsul(argv, io, 'mesh');
  return { code, ...io.written };
}
const fails = (err: string) => ({ code: 1, out: '', err: `${err}\n` });
const ok = (out: string) => ({ code: 0, out, err: '' });

it.each([
  [['peering', 'generate-token'], 'Missing the required -name flag'],
  [['peering', 'establish', '-name=x'], 'Missing the required -peering-token flag'],
  [['peering', 'read', '-name=nope'], 'No peering with name nope found.'],
  [['peering', 'exported-services', '-name=nope'], 'No peering with name nope found.'],
  [['peering', 'list', '-format=xml'], 'Invalid format, valid formats are {pretty|json}'],
  [['services', 'export', '-consumer-peers=a'], 'Missing the required -name flag'],
  [['services', 'export', '-name=a'], 'Missing the required -consumer-peers flag'],
  [['services', 'export', '-name=a', '-consumer-peers=a,,b'], 'Invalid peer ""'],
])('%j', async (argv, err) => {
  expect(await run(here, ...argv)).toEqual(fails(err));
});

it('a token, a connection, what is exported over it, and its end', async () => {
  expect(await run(here, 'peering', 'list')).toEqual(ok('There are no peering connections.\n'));
  const made = await run(there, 'peering', 'generate-token', '-name=east', '-meta=team=shop');
  expect(made).toMatchObject({ code: 0, err: '' });
  const established = await run(here, 'peering', 'establish', '-name=west', `-peering-token=${made.out.trim()}`);
  expect(established).toEqual(ok('Successfully established peering connection with west\n'));
  expect((await run(here, 'peering', 'list')).out).toMatch(
    /^Name {2}State +Imported Svcs {2}Exported Svcs {2}Meta\nwest {2}\w+ +0 +0 *\n$/,
  );
  expect((await run(there, 'peering', 'read', '-name=east')).out).toMatch(
    /^Name: {9}east\nID: {11}\S+\nState: .*\nMeta:\n {4}team=shop\n\nPeer ID: /,
  );
  expect(JSON.parse((await run(here, 'peering', 'list', '-format=json')).out)).toMatchObject([{ Name: 'west' }]);

  expect(await run(here, 'services', 'export', '-name=web', '-consumer-peers=west')).toEqual(
    ok('Successfully exported service "web" to peers "west"\n'),
  );
  await run(here, 'services', 'export', '-name=web', '-consumer-peers=west,south');
  await run(here, 'services', 'export', '-name=db', '-consumer-peers=west');
  const { Services } = (await here.call('/v1/config/exported-services/default')).json as { Services: object[] };
  expect(Services).toMatchObject([
    { Name: 'web', Consumers: [{ Peer: 'west' }, { Peer: 'south' }] },
    { Name: 'db', Consumers: [{ Peer: 'west' }] },
  ]);

  const deleted = await run(here, 'peering', 'delete', '-name=west');
  expect(deleted).toEqual(ok('Successfully submitted peering connection, west, for deletion\n'));
});
