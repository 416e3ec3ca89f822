import { connect } from 'node:http2';
import { findProgram } from '../processes.mjs';
import { OurPair } from './ours.mjs';
import { withPairs } from './pairs.mjs';
import { nginxPair } from './peers.mjs';
import { head, interleaved, median, percentile, row, title } from './report.mjs';

/** A message of 200 bytes behind its frame: not compressed, and its length. */
const MESSAGE = Buffer.concat([Buffer.from([0, 0, 0, 0, 200]), Buffer.alloc(200, 'x')]);
const HEAD = { ':method': 'POST', ':path': '/payments.Payments/Pay', 'content-type': 'application/grpc', te: 'trailers' };

/** One call; resolves with its milliseconds. */
function call(session) {
  return new Promise((done, fail) => {
    const began = performance.now();
    const stream = session.request(HEAD);
    let status;
    stream.on('trailers', (trailers) => {
      status = trailers['grpc-status'];
    });
    stream.on('error', fail);
    stream.on('data', () => undefined);
    stream.on('close', () => (status === '0' ? done(performance.now() - began) : fail(new Error(`grpc-status ${status}`))));
    stream.end(MESSAGE);
  });
}

/** 32 calls at a time over four connections. */
async function cost({ pair, port }, seconds) {
  const sessions = Array.from({ length: 4 }, () => connect(`http://127.0.0.1:${port}`));
  const times = [];
  const before = pair.cpu();
  const until = performance.now() + seconds * 1000;
  await Promise.all(
    Array.from({ length: 32 }, async (_, i) => {
      while (performance.now() < until) times.push(await call(sessions[i % 4]));
    }),
  );
  const cpu = ((pair.cpu() - before) * 1e6) / times.length;
  for (const session of sessions) session.close();
  return { cpu, p50: percentile(times, 50), p99: percentile(times, 99), rate: times.length / seconds };
}

export async function measureGrpc(authority, { rounds, seconds, flags }) {
  const starts = { mesh: (ports) => OurPair.start(authority, { protocol: 'grpc', ports, flags }) };
  if (findProgram('nginx')) starts['nginx grpc_pass'] = (ports) => nginxPair(authority, { ports, grpc: true });
  title('gRPC, unary calls: 32 at a time over four connections, messages of 200 bytes');
  await withPairs(
    starts,
    async (pairs) => {
      for (const pair of Object.values(pairs)) await cost(pair, 2);
      const samples = await interleaved(pairs, rounds, (pair) => cost(pair, seconds));
      head('', 'CPU µs/call', 'p50 ms', 'p99 ms', 'calls/s');
      for (const [name, found] of Object.entries(samples)) {
        const of = (figure) => median(found.map((sample) => sample[figure]));
        row(name, of('cpu').toFixed(1), of('p50').toFixed(2), of('p99').toFixed(2), of('rate').toFixed(0));
      }
    },
    'grpc-app.mjs',
  );
}
