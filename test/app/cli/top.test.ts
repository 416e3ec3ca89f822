import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { top } from '../../../src/app/cli/top.ts';
import type { Io } from '../../../src/app/io.ts';
import { MeshError } from '../../../src/base/errors.ts';
import type { FullScreen } from '../../../src/ui/full-screen.ts';
import { testIo } from '../../commands/io.ts';
import { freePorts } from '../../free-ports.ts';
import { GatewayWorld } from '../../proxy/gateways/world.ts';

let world: GatewayWorld;
let port = 0;
/** Of the calls that go on all the time. */
const calls = new AbortController();
let calling: Promise<void>;

beforeAll(async () => {
  world = await GatewayWorld.start();
  [port = 0] = await freePorts(1);
  await world.write({ Kind: 'service-defaults', Name: 'payments', Protocol: 'http' });
  await world.http('payments', ({ url }, response) => response.writeHead(url === '/bad' ? 500 : 200).end('paid'));
  await world.http('web', (_, response) => response.end(), [{ DestinationName: 'payments', LocalBindPort: port }]);
  await world.call(port);
  calling = (async () => {
    while (!calls.signal.aborted) for (const path of ['/', '/bad']) await world.call(port, { path });
  })();
});
afterAll(async () => {
  calls.abort();
  await calling;
  await world[Symbol.asyncDispose]();
});

const ioOf = (more: Partial<Io> = {}) => testIo({ env: { CONSUL_HTTP_ADDR: world.api }, ...more });
const typed = (options: Record<string, string | boolean>, ...args: string[]) => ({
  args,
  options: { sort: 'rate', interval: '100ms', ...options },
});

describe('mesh top', () => {
  it('prints what happens in one interval', async () => {
    const io = ioOf();
    expect(await top(typed({ once: true, interval: '500ms' }), io)).toBe(0);
    const [header, row, ...others] = io.written.out.trimEnd().split('\n');
    expect(header).toMatch(/^SERVICE +RPS +SUCCESS +P50/);
    expect(row).toMatch(/^payments +[\d.]+k? +\d+(\.\d)?% +[\d.]+m?s/);
    expect(others).toEqual([]);
  });

  it('goes on until the signal, one JSON object a line', async () => {
    const stop = new AbortController();
    const io = ioOf({ signal: stop.signal });
    const ended = top(typed({ json: true, by: 'route' }, 'web'), io);
    await vi.waitFor(() => expect(io.written.out.split('\n').length).toBeGreaterThan(2), 10_000);
    stop.abort(new MeshError('interrupted', 'stopped'));
    expect(await ended).toBe(130);
    const [first] = io.written.out
      .split('\n')
      .map((line) => (line === '' ? undefined : (JSON.parse(line) as { by: string; rows: object[] })));
    expect(first).toMatchObject({ by: 'route', rows: [{ source: 'web', upstream: 'payments', route: '/*', destination: 'payments' }] });
  });

  it('has the terminal until q is pressed, and gives it back', async () => {
    const frames: (readonly string[])[] = [];
    let press: (key: string) => void = () => undefined;
    const close = vi.fn();
    const screen: FullScreen = {
      size: { columns: 80, rows: 10 },
      draw: (lines) => void frames.push(lines),
      onChange: () => undefined,
      onKey: (listener) => {
        press = listener;
      },
      close,
    };
    const ended = top(typed({}), ioOf({ openFullScreen: () => Promise.resolve(screen) }));
    await vi.waitFor(() => expect(frames.at(-1)?.[4]).toMatch(/^payments /), 10_000);
    expect(frames[0]![3]).toBe('Measuring …');
    press('b');
    expect(frames.at(-1)![0]).toMatch(/^mesh top, by route/);
    press('q');
    expect(await ended).toBe(0);
    expect(close).toHaveBeenCalledOnce();
  });

  it('knows the names of services, and says where no agent answers', async () => {
    await expect(top(typed({ once: true }, 'paymens'), ioOf())).rejects.toMatchObject({
      message: 'there is no service "paymens"',
      hint: 'did you mean "payments"?',
    });
    const [nobody] = await freePorts(1);
    await expect(top(typed({ once: true }), ioOf({ env: { CONSUL_HTTP_ADDR: `127.0.0.1:${nobody}` } }))).rejects.toMatchObject({
      code: 'unreachable',
    });
  });
});
