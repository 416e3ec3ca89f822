import type { Protocol } from '../../../src/compile/proxy-config.ts';
import { Mesh } from '../fixture/mesh.ts';

const SAMPLE_MS = 20;

/** Two sidecars in a process of their own, so that its memory is theirs: `node sidecars.js <port of the application> <protocol>`. */
const [, , port, protocol] = process.argv;
const mesh = await Mesh.start({ app: { address: '127.0.0.1', port: Number(port) }, protocol: protocol as Protocol });
let most = 0;
setInterval(() => {
  most = Math.max(most, process.memoryUsage.rss());
}, SAMPLE_MS);
process.on('message', () => {
  process.send!({ most });
  most = process.memoryUsage.rss();
});
process.on('disconnect', () => process.exit());
process.send!({ port: mesh.upstream.port });
