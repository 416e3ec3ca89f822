// The application behind every proxy of the bench: the least that can answer HTTP/1.1, so that what is measured is not this.
//   node app.mjs PORT [BODY, or how many bytes it has]
// Its parent can make it `bad`, which answers 500 from then on, and `good` again. GET /big/N answers N bytes; X-Varied is given back; a request with a body of a known length is answered when all of it has come.
import { createServer } from 'node:net';

const port = Number(process.argv[2]);
const given = process.argv[3] ?? '200';
const body = /^\d+$/.test(given) ? 'x'.repeat(Number(given)) : given;
const PIECE = Buffer.alloc(256 * 1024, 'x');
const answerOf = (line) =>
  Buffer.from(
    `HTTP/1.1 ${line}\r\nContent-Type: text/plain\r\nDate: Mon, 02 Nov 2026 10:00:00 GMT\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
const GOOD = answerOf('200 OK');
const BAD = answerOf('500 Internal Server Error');
let present = GOOD;

const server = createServer({ noDelay: true }, (socket) => {
  let head = '';
  let left = 0;
  const answer = () => {
    const big = /^GET \/big\/(\d+)/.exec(head);
    const varied = /\r\nx-varied: (\d+)/i.exec(head);
    if (big) send(socket, Number(big[1]));
    else if (varied) socket.write(`HTTP/1.1 200 OK\r\nX-Varied: ${varied[1]}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    else socket.write(present);
    if (/\r\nconnection: close/i.test(head)) socket.end();
    head = '';
  };
  socket.on('data', (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (left > 0) {
        const taken = Math.min(left, chunk.length - at);
        left -= taken;
        at += taken;
        if (left === 0) answer();
        continue;
      }
      head += chunk.latin1Slice(at);
      const end = head.indexOf('\r\n\r\n');
      if (end === -1) return;
      at = chunk.length - (head.length - end - 4);
      head = head.slice(0, end + 2);
      left = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (left === 0) answer();
    }
  });
  socket.on('error', () => undefined);
});
server.listen(port, '127.0.0.1', () => process.send?.('ready'));
process.on('message', (mood) => {
  present = mood === 'bad' ? BAD : GOOD;
});
process.on('disconnect', () => process.exit(0));

function send(socket, length) {
  socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`);
  let left = length;
  const more = () => {
    while (left > 0) {
      const piece = left < PIECE.length ? PIECE.subarray(0, left) : PIECE;
      left -= piece.length;
      if (!socket.write(piece)) break;
    }
    if (left === 0) socket.off('drain', more);
  };
  socket.on('drain', more);
  more();
}
