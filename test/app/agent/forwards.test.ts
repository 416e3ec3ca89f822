import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ForwardSink, Forwards } from '../../../src/app/agent/forwards.ts';
import type { ForwardConfig } from '../../../src/compile/proxy-config.ts';
import { freePort } from '../../../src/drivers/process/address-book.ts';
import { probeTcp } from '../../../src/drivers/process/probe.ts';
import { reach } from './registrations.ts';

/** A data plane that serves a forward as soon as it is told of it, or refuses as the test says. */
class Sink implements ForwardSink {
  readonly set: (readonly ForwardConfig[])[] = [];
  readonly errors: Record<string, string> = {};

  setForwards(configs: readonly ForwardConfig[]): void {
    this.set.push(configs);
  }

  synced(signal: AbortSignal): Promise<void> {
    return signal.aborted ? Promise.reject(signal.reason as Error) : Promise.resolve();
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }

  errorOf(id: string): string | undefined {
    return this.errors[id];
  }
}

const spokenFor: string[] = [];
const speakFor = (target: string, generation?: number): void =>
  void spokenFor.push(generation === undefined ? target : `${target} of ${generation}`);
/** Whether what forwards lead to accepts. */
let answers: boolean;
let sink: Sink;
let forwards: Forwards;
let port: number;
let server: Server | undefined;
const { signal } = new AbortController();
const same = (number: number): number => number;

beforeEach(async () => {
  sink = new Sink();
  answers = true;
  forwards = new Forwards(sink, reach, { port: 8500, speakFor }, async (at, ms) =>
    at.address === '127.0.0.1' ? probeTcp(at, ms) : answers,
  );
  spokenFor.length = 0;
  port = await freePort('127.0.0.1');
});
afterEach(async () => {
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

async function listen(): Promise<void> {
  server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server!.listen(port, '127.0.0.1', resolve));
}

const open = () => forwards.open({ id: 'ingress.web', hostPort: port, wantedPort: port, target: 'k8s/svc/web', targetPort: 80 });
const config = (...targets: { address: string; port: number }[]) => [
  { id: `127.0.0.1:${port}`, bind: { address: '127.0.0.1', port }, targets },
];

describe('a host port', () => {
  it('may lead to this machine itself, which is no address of the book', () => {
    const noBook = () => {
      throw new Error('not reserved');
    };
    forwards = new Forwards(sink, noBook, { port: 8500, speakFor: () => undefined });
    open();
    forwards.publish('k8s/svc/web', () => ['127.0.0.1'], same);
    expect(sink.set.at(-1)).toEqual(config({ address: '127.0.0.1', port: 80 }));
  });

  it('leads to where its target is now, at the port that the target means', () => {
    open();
    expect(sink.set.at(-1)).toEqual(config());
    let pods = ['10.42.0.3'];
    forwards.publish(
      'k8s/svc/web',
      () => pods,
      (servicePort) => servicePort + 9010,
    );
    expect(sink.set.at(-1)).toEqual(config({ address: '127.42.0.3', port: 9090 }));
    pods = ['10.42.0.3', '10.42.0.4'];
    forwards.refresh();
    expect(sink.set.at(-1)).toEqual(config({ address: '127.42.0.3', port: 9090 }, { address: '127.42.0.4', port: 9090 }));
    forwards.withdraw('k8s/svc/web');
    expect(sink.set.at(-1)).toEqual(config());
    forwards.close('ingress.web');
    expect(sink.set.at(-1)).toEqual([]);
  });

  it('is not told of again when nothing has changed', () => {
    forwards.publish('k8s/svc/web', () => ['10.42.0.3'], same);
    forwards.publish('other', () => ['10.42.0.9'], same);
    expect(sink.set).toEqual([]);
    open();
    forwards.refresh();
    forwards.withdraw('other');
    expect(sink.set).toHaveLength(1);
  });

  it('passes to the next one when it is closed, in one step', () => {
    forwards.publish('container.web', () => ['10.5.0.1'], same);
    forwards.publish('container.web~2', () => ['10.5.0.1~2'], same);
    const web = { hostPort: port, wantedPort: port, target: 'container.web', targetPort: 9090 };
    forwards.open({ ...web, id: 'ingress.web:9090' });
    forwards.open({ ...web, id: 'ingress.web:9090~2', generation: 2 });
    expect(sink.set).toEqual([config({ address: '127.5.0.1', port: 9090 })]);
    forwards.close('ingress.web:9090');
    expect(sink.set.slice(1)).toEqual([config({ address: '127.5.0.1~2', port: 9090 })]);
    forwards.withdraw('container.web');
    forwards.close('ingress.web:9090~2');
    expect(sink.set.slice(2)).toEqual([[]]);
  });

  it('inside a network is at an address of its own', () => {
    forwards.publish('container.web', () => ['10.5.0.1'], same);
    forwards.open({ id: 'x', address: '10.5.0.9', hostPort: 80, wantedPort: 80, target: 'container.web', targetPort: 9090 });
    expect(sink.set).toEqual([
      [{ id: '10.5.0.9:80', bind: { address: '127.5.0.9', port: 80 }, targets: [{ address: '127.5.0.1', port: 9090 }] }],
    ]);
  });

  it('of the agent itself is served by its own API', async () => {
    forwards.open({ id: 'api', hostPort: 8500, wantedPort: 8500, target: 'container.hcs', targetPort: 8500, api: true });
    expect(spokenFor).toEqual([]);
    forwards.publish('container.hcs', () => ['10.5.0.200'], same);
    expect([spokenFor, sink.set]).toEqual([['container.hcs'], []]);
    await forwards.ready('api', signal);
    forwards.open({ id: 'elsewhere', hostPort: 8501, wantedPort: 8501, target: 'container.hcs', targetPort: 8500, api: true });
    expect(sink.set.at(-1)).toMatchObject([{ id: '127.0.0.1:8501' }]);
  });

  it('of the agent itself is free until a Consul server has it, and passes to its successor', () => {
    const api = { hostPort: 8500, wantedPort: 8500, target: 'container.hcs', targetPort: 8500, api: true } as const;
    expect(forwards.freeApiPort).toBe(8500);
    forwards.open({ ...api, id: 'container.hcs:8500' });
    forwards.publish('container.hcs', () => ['10.5.0.200'], same);
    expect(forwards.freeApiPort).toBeUndefined();
    forwards.publish('container.hcs~2', () => ['10.5.0.200~2'], same);
    forwards.open({ ...api, id: 'container.hcs:8500~2', generation: 2 });
    spokenFor.length = 0;
    forwards.close('container.hcs:8500');
    expect(spokenFor).toEqual(['container.hcs of 2']);
    forwards.close('container.hcs:8500~2');
    expect([forwards.freeApiPort, sink.set]).toEqual([8500, []]);
  });

  it('is listed with its error', () => {
    open();
    expect(forwards.list()).toEqual([
      { id: 'ingress.web', hostPort: port, wantedPort: port, target: 'k8s/svc/web', targetPort: 80, error: undefined },
    ]);
    sink.errors[`127.0.0.1:${port}`] = 'EADDRINUSE';
    expect(forwards.list()[0]?.error).toBe('EADDRINUSE');
  });
});

describe('a host port is ready', () => {
  it('when it has a target and accepts', async () => {
    await listen();
    open();
    let done = false;
    const ready = forwards.ready('ingress.web', signal).then(() => {
      done = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(done).toBe(false);
    forwards.publish('k8s/svc/web', () => ['10.42.0.3'], same);
    await ready;
  });

  it('when nothing is meant to be behind it', async () => {
    await listen();
    open();
    forwards.publish('k8s/svc/web', () => [], same);
    const ready = forwards.ready('ingress.web', signal);
    forwards.publish('k8s/svc/web', () => [], same, { empty: true });
    await ready;
  });

  it('not before what it leads to accepts', async () => {
    await listen();
    forwards.publish('k8s/svc/web', () => ['10.42.0.3'], same);
    open();
    answers = false;
    let done = false;
    const ready = forwards.ready('ingress.web', signal).then(() => {
      done = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(done).toBe(false);
    answers = true;
    await ready;
  });

  it('though nobody listens behind one that nobody needs to listen on', async () => {
    await listen();
    forwards.publish('container.hcs', () => ['10.5.0.200'], same);
    forwards.open({ id: 'grpc', hostPort: port, wantedPort: port, target: 'container.hcs', targetPort: 8502, optional: true });
    answers = false;
    await forwards.ready('grpc', signal);
  });

  it('in its turn: as soon as its target is', async () => {
    open();
    forwards.open({ id: 'next', hostPort: port, wantedPort: port, target: 'container.new', targetPort: 9090 });
    let done = false;
    const ready = forwards.ready('next', signal).then(() => {
      done = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(done).toBe(false);
    forwards.publish('container.new', () => ['10.5.0.3'], same);
    await ready;
  });

  it('not when nothing accepts there', async () => {
    forwards.publish('k8s/svc/web', () => ['10.42.0.3'], same);
    open();
    await expect(forwards.ready('ingress.web', signal)).rejects.toMatchObject({
      code: 'failed',
      message: `port ${port} of 127.0.0.1 does not accept connections`,
    });
  });

  it('not when it is taken: names who holds it', async () => {
    await listen();
    open();
    sink.errors[`127.0.0.1:${port}`] = 'listen EADDRINUSE: address already in use';
    const error = await forwards.ready('ingress.web', signal).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'environment' });
    const who = process.platform === 'linux' ? `pid ${process.pid} (` : 'another process';
    expect((error as Error).message).toContain(`could not open port ${port} of 127.0.0.1, which ${who}`);
  });

  it('not when it can not be bound for another reason: says which', async () => {
    open();
    sink.errors[`127.0.0.1:${port}`] = 'EACCES';
    await expect(forwards.ready('ingress.web', signal)).rejects.toMatchObject({
      message: `could not open port ${port} of 127.0.0.1: EACCES`,
    });
  });

  it('never, if the wait is over', async () => {
    open();
    const stop = new AbortController();
    const ready = forwards.ready('ingress.web', stop.signal);
    await new Promise((resolve) => setImmediate(resolve));
    stop.abort(new Error('enough'));
    await expect(ready).rejects.toThrow('enough');
  });
});
