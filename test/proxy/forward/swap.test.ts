import { Agent, createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import type { SocketAddress } from '../../../src/compile/proxy-config.ts';
import { ForwardPlane } from '../fixture/forward.ts';
import { eventually, RawClient } from '../fixture/sockets.ts';

const H = 'Host: x\r\n';
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** One version of an application, which ends as well-behaved servers do: no new connections, idle ones closed, requests finished. */
class Version {
  readonly at: SocketAddress;
  readonly #server: Server;
  readonly waiting: (() => void)[] = [];
  bodies = 0;

  static async start(name: string): Promise<Version> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Version(server, name);
  }

  private constructor(server: Server, name: string) {
    this.#server = server;
    this.at = { address: '127.0.0.1', port: (server.address() as AddressInfo).port };
    closers.push(() => this.kill());
    server.on('request', (req, res) => {
      req.on('data', (chunk: Buffer) => (this.bodies += chunk.length));
      req.on('end', () => {
        if (req.url === '/slow') this.waiting.push(() => res.end(`${name};`));
        else res.end(`${name};`);
      });
    });
  }

  /** Resolves when the last request is answered. */
  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  /** At once, as when its process dies. */
  kill(): Promise<void> {
    const stopped = this.stop();
    this.#server.closeAllConnections();
    return stopped;
  }
}

async function forwardTo(...versions: Version[]): Promise<ForwardPlane> {
  const plane = await ForwardPlane.start(versions.map(({ at }) => at));
  closers.push(() => plane.close());
  return plane;
}

/** Asks over and over on kept connections, and counts. */
class Loop {
  readonly answers = new Map<string, number>();
  readonly failures: string[] = [];
  readonly #stopping = new AbortController();
  readonly #done: Promise<unknown>;

  constructor(at: SocketAddress, clients: number) {
    const agent = new Agent({ keepAlive: true, maxSockets: clients });
    closers.push(async () => agent.destroy());
    this.#done = Promise.all(Array.from({ length: clients }, (_, i) => this.#client(at, agent, i)));
  }

  get total(): number {
    return [...this.answers.values()].reduce((sum, n) => sum + n, 0) + this.failures.length;
  }

  reaches(total: number): Promise<void> {
    return eventually(() => this.total >= total, `${total} answers`);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#done;
  }

  async #client(at: SocketAddress, agent: Agent, client: number): Promise<void> {
    for (let i = 0; !this.#stopping.signal.aborted; i++) {
      const body = (client + i) % 3 === 0 ? 'some body' : undefined;
      const answer = await ask(at, agent, body).catch((error: Error) => {
        this.failures.push(error.message);
        return 'failed';
      });
      if (answer !== 'failed') this.answers.set(answer, (this.answers.get(answer) ?? 0) + 1);
    }
  }
}

function ask(at: SocketAddress, agent: Agent, body: string | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { host: at.address, port: at.port, agent, method: body === undefined ? 'GET' : 'POST' };
    request(options, (response) => {
      text(response).then((answer) => resolve(response.statusCode === 200 ? answer : `${response.statusCode} ${answer}`), reject);
    })
      .on('error', reject)
      .end(body);
  });
}

describe('a change of targets', () => {
  it('is not noticed by clients that keep their connections: GET and POST, 600 requests, five versions', async () => {
    let present = await Version.start('v0');
    const plane = await forwardTo(present);
    const loop = new Loop(plane.at, 6);
    for (let i = 1; i <= 5; i++) {
      await loop.reaches(i * 100);
      const next = await Version.start(`v${i}`);
      const old = present;
      await plane.retarget([next.at]);
      await old.stop();
      present = next;
    }
    await loop.reaches(600);
    await loop.stop();
    expect(loop.failures).toEqual([]);
    expect([...loop.answers.keys()]).toEqual(['v0;', 'v1;', 'v2;', 'v3;', 'v4;', 'v5;']);
    expect(plane.stats).toMatchObject({ connections: 6, status5xx: 0 });
  });

  it('is not noticed by a client that pipelines without a pause', async () => {
    let present = await Version.start('v0');
    const plane = await forwardTo(present);
    const client = await RawClient.connect(plane.at);
    const answered = () => client.text.match(/v\d;/g)?.length ?? 0;
    let sent = 0;
    const send = (n: number) => {
      sent += n;
      client.write(`GET / HTTP/1.1\r\n${H}\r\n`.repeat(n));
    };
    send(150);
    for (let i = 1; i <= 5; i++) {
      await client.until(() => answered() >= sent - 100);
      const next = await Version.start(`v${i}`);
      const old = present;
      send(100);
      await plane.retarget([next.at]);
      await old.stop();
      present = next;
    }
    await client.until(() => answered() === sent);
    expect(client.text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(650);
    expect(client.text.match(/v\d;/g)).toEqual(client.text.match(/v\d;/g)!.toSorted());
    client.close();
  });

  it('lets an answer come from where it was asked, and sends the next request elsewhere', async () => {
    const [old, next] = [await Version.start('old'), await Version.start('new')];
    const plane = await forwardTo(old);
    const client = await RawClient.connect(plane.at);
    client.write(`GET /slow HTTP/1.1\r\n${H}\r\n`);
    await eventually(() => old.waiting.length === 1, 'the request is in flight');
    await plane.retarget([next.at]);
    const stopped = old.stop();
    client.write(`GET / HTTP/1.1\r\n${H}\r\n`);
    old.waiting[0]!();
    await client.untilText('new;');
    expect(client.text.match(/(?:old|new);/g)).toEqual(['old;', 'new;']);
    await stopped;
    client.close();
  });

  it('lets an upload finish where it began', async () => {
    const [old, next] = [await Version.start('old'), await Version.start('new')];
    const plane = await forwardTo(old);
    const client = await RawClient.connect(plane.at);
    const half = 'x'.repeat(300_000);
    client.write(`PUT / HTTP/1.1\r\n${H}Content-Length: 600000\r\n\r\n${half}`);
    await eventually(() => old.bodies > 0, 'the upload has begun');
    await plane.retarget([next.at]);
    const stopped = old.stop();
    client.write(half);
    await client.untilText('old;');
    await stopped;
    expect([old.bodies, next.bodies]).toEqual([600_000, 0]);
    client.close();
  });
});

describe('a target of several', () => {
  it('that dies takes no GET with it', async () => {
    const versions = [await Version.start('a'), await Version.start('b'), await Version.start('c')];
    const plane = await forwardTo(...versions);
    const agent = new Agent({ keepAlive: true, maxSockets: 4 });
    closers.push(async () => agent.destroy());
    const answers: string[] = [];
    const client = async () => {
      for (let i = 0; i < 130; i++) {
        if (answers.length === 150) void versions[0]!.kill();
        if (answers.length === 300) void versions[1]!.kill();
        answers.push(await ask(plane.at, agent, undefined));
      }
    };
    await Promise.all([client(), client(), client(), client()]);
    expect(new Set(answers)).toEqual(new Set(['a;', 'b;', 'c;']));
    expect(answers).toHaveLength(520);
  });
});

describe('a forward that has lost targets', () => {
  const state = (promise: Promise<void>): Promise<string> =>
    Promise.race([promise.then(() => 'settled'), new Promise<string>((resolve) => setImmediate(() => resolve('waiting')))]);

  it('is settled when the last request to them is answered', async () => {
    const [old, next] = [await Version.start('old'), await Version.start('new')];
    const plane = await forwardTo(old);
    expect(await state(plane.plane.settled())).toBe('settled');
    const client = await RawClient.connect(plane.at);
    closers.push(async () => client.close());
    client.write(`GET /slow HTTP/1.1\r\n${H}\r\n`);
    await eventually(() => old.waiting.length === 1, 'the request');
    // What is under way to a target that stays is nobody's concern.
    expect(await state(plane.plane.settled())).toBe('settled');
    await plane.retarget([next.at]);
    const settled = plane.plane.settled();
    expect(await state(settled)).toBe('waiting');
    old.waiting.shift()!();
    await settled;
  });

  it('is settled when what was under way on one that was removed is answered', async () => {
    const old = await Version.start('old');
    const plane = await forwardTo(old);
    const client = await RawClient.connect(plane.at);
    closers.push(async () => client.close());
    client.write(`GET /slow HTTP/1.1\r\n${H}\r\n`);
    await eventually(() => old.waiting.length === 1, 'the request');
    await plane.remove();
    const settled = plane.plane.settled();
    expect(await state(settled)).toBe('waiting');
    old.waiting.shift()!();
    await settled;
  });
});
