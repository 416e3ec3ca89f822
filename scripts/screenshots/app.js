// A service of the pictures: calls all its upstreams, fails some requests (FAILS, a percentage) and takes its time (TAKES, milliseconds).
const { createServer } = require('node:http');

const { HOST, PORT, CALLS = '', FAILS = '0', TAKES = '2', EVERY = '0' } = process.env;
const urls = CALLS.split(' ').filter((url) => url !== '');
const callAll = () => Promise.all(urls.map((url) => fetch(url).then((answer) => answer.text())));

createServer(async (_request, response) => {
  await Promise.allSettled([callAll(), new Promise((done) => setTimeout(done, Number(TAKES) * (0.5 + Math.random())))]);
  response.statusCode = Math.random() * 100 < Number(FAILS) ? 500 : 200;
  response.end('ok\n');
}).listen(PORT, HOST);

if (Number(EVERY) > 0) setInterval(() => callAll().catch(() => undefined), Number(EVERY));
