import { connect } from 'node:net';
import { findProgram } from '../processes.mjs';
import { OurPair } from './ours.mjs';
import { withPairs } from './pairs.mjs';
import { haproxyPair, nginxPair } from './peers.mjs';
import { budget, head, interleaved, median, ratio, row, title } from './report.mjs';

const GIB = 2 ** 30;

/** Seconds for an answer of so many bytes, of which nothing is kept. */
function download(port, bytes) {
  return new Promise((done, fail) => {
    const began = performance.now();
    let left = bytes;
    const socket = connect({
      port,
      host: '127.0.0.1',
      onread: {
        buffer: Buffer.allocUnsafe(512 * 1024),
        callback: (read) => {
          left -= read;
          if (left > 0) return;
          done((performance.now() - began) / 1000);
          socket.destroy();
        },
      },
    });
    socket.on('error', fail);
    socket.on('close', () => fail(new Error(`${left} bytes are missing`)));
    socket.write(`GET /big/${bytes} HTTP/1.1\r\nHost: payments\r\n\r\n`);
  });
}

export async function measureBodies(authority, { rounds, flags }) {
  const starts = {
    mesh: (ports) => OurPair.start(authority, { protocol: 'http', ports, flags }),
    'mesh tcp': (ports) => OurPair.start(authority, { protocol: 'tcp', ports, flags }),
  };
  if (findProgram('haproxy')) starts.haproxy = (ports) => haproxyPair(authority, { mode: 'http', ports });
  if (findProgram('nginx')) starts.nginx = (ports) => nginxPair(authority, { ports });
  title('An answer of 1 GiB');
  await withPairs(starts, async (pairs) => {
    for (const { port } of Object.values(pairs)) await download(port, GIB / 8);
    const samples = await interleaved(pairs, rounds, async ({ pair, port }) => {
      const before = pair.cpu();
      const rate = 1024 / (await download(port, GIB));
      return { rate, cpu: pair.cpu() - before };
    });
    head('', 'MiB/s', 'CPU s');
    for (const [name, found] of Object.entries(samples))
      row(name, median(found.map(({ rate }) => rate)).toFixed(0), median(found.map(({ cpu }) => cpu)).toFixed(2));
    if (!pairs.haproxy) return;
    console.log();
    budget('throughput beside haproxy', ratio(samples, 'mesh', 'haproxy', 'rate'), 0.7, { unit: ' x', atLeast: true });
  });
}
