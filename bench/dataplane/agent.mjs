import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Server } from '../control/server.mjs';
import { freePorts } from '../processes.mjs';
import { call } from './client.mjs';

/** One of our agents with services that it hosts sidecars for. */
export class AgentWorld {
  static async start() {
    const world = new AgentWorld();
    world.server = await Server.start('mesh');
    return world;
  }

  put(path, body, method = 'PUT') {
    return this.server.ask(path, { method, body });
  }

  write(entry) {
    return this.put('/v1/config', entry);
  }

  /** Registers an instance; `upstreams`: names, by local port. Its sidecar's port is a free one. */
  async register(name, port, { id = name, upstreams = {}, meta } = {}) {
    const [sidecarPort] = await freePorts(1);
    const list = Object.entries(upstreams).map(([local, target]) => ({ DestinationName: target, LocalBindPort: Number(local) }));
    const SidecarService = { Port: sidecarPort, Proxy: { Upstreams: list } };
    await this.put('/v1/agent/service/register', { Name: name, ID: id, Port: port, Meta: meta, Connect: { SidecarService } });
  }

  /** Process id of the data plane. */
  dataplane() {
    const lines = execFileSync('ps', ['-eo', 'pid=,args=']).toString().split('\n');
    const own = lines.find((line) => /^ *\d+ \S*node .*dataplane\.cjs /.test(line) && line.includes(this.server.folder));
    return Number(own?.trim().split(' ')[0]);
  }

  /** The agent is killed, and another one takes over after so long. */
  async without(ms) {
    const { folder, port } = this.server;
    await this.server.kill();
    await sleep(ms);
    this.server = await Server.start('mesh', { folder, port });
  }

  /** Resolves when a request at that port is answered with 200. */
  async serves(port, options) {
    for (const until = Date.now() + 20_000; ; ) {
      const answer = await call(port, options).catch((error) => ({ status: 0, reason: error.message }));
      if (answer.status === 200) return answer;
      if (Date.now() > until) throw new Error(`no answer on port ${port}: ${answer.status} ${answer.reason}`);
      await sleep(20);
    }
  }

  stop() {
    return this.server.stop();
  }
}
