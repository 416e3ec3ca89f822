import { freePorts } from '../processes.mjs';
import { startApp } from './apps.mjs';

/** Ports of a pair whose application listens on `app`. */
async function portsFor(app) {
  const [client, inbound, unused] = await freePorts(3);
  return { client, inbound, unused, app };
}

/** Starts pairs in front of one application, each by a function of its ports; ends them after `run`, which gets them by name. */
export async function withPairs(starts, run, file = 'app.mjs') {
  const app = await startApp({ file });
  const pairs = {};
  try {
    for (const [name, start] of Object.entries(starts)) {
      const ports = await portsFor(app.port);
      pairs[name] = { pair: await start(ports), port: ports.client };
    }
    return await run(pairs);
  } finally {
    for (const { pair } of Object.values(pairs)) await pair.stop();
    await app.stop();
  }
}
