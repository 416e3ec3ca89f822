import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { call } from '../../../src/app/rpc/client.ts';

let folder: string;
const sockets = new Set<Socket>();
let onConnection: (socket: Socket) => void;
const server = createServer((socket) => {
  sockets.add(socket);
  onConnection(socket);
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mesh-stuck-'));
  await new Promise<void>((done) => server.listen(join(folder, 'agent.sock'), done));
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((done) => server.close(done));
  await rm(folder, { recursive: true });
});

describe('an agent that says nothing', () => {
  it('is given up, and the user is told what to do', async () => {
    onConnection = () => undefined;
    const outcome = call(join(folder, 'agent.sock'), 'status', {}, { version: '1', silenceMs: 30 });
    await expect(outcome).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('said nothing'),
      hint: expect.stringContaining('mesh logs agent'),
    });
  });

  it('is waited for as long as it says that it is alive', async () => {
    onConnection = (socket) => {
      let beats = 0;
      const timer = setInterval(() => {
        beats++;
        socket.write(beats < 10 ? '{"alive":true}\n' : '{"result":{"serving":1,"total":1,"index":1},"version":"1"}\n');
        if (beats === 10) socket.end();
      }, 20);
      socket.once('close', () => clearInterval(timer));
    };
    const outcome = call(join(folder, 'agent.sock'), 'sync', { timeoutMs: 1 }, { version: '1', silenceMs: 120 });
    await expect(outcome).resolves.toMatchObject({ serving: 1 });
  });
});
