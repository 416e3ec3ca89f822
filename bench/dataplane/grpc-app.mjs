// A gRPC service of one method, in HTTP/2 without TLS: every call is answered with the message it came with.
//   node grpc-app.mjs PORT
import { createServer } from 'node:http2';

const server = createServer();
server.on('stream', (stream) => {
  const parts = [];
  stream.on('error', () => undefined);
  stream.on('data', (part) => parts.push(part));
  stream.on('end', () => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(Buffer.concat(parts));
  });
});
server.listen(Number(process.argv[2]), '127.0.0.1', () => process.send?.('ready'));
process.on('disconnect', () => process.exit(0));
