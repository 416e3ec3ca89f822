const { createServer } = require('node:http');

const { HOST, PORT, PAYMENTS_URL } = process.env;
createServer(async (request, response) => {
  const answer = await fetch(new URL(request.url, PAYMENTS_URL)).catch((error) => ({ status: 502, text: () => String(error) }));
  response.statusCode = answer.status;
  response.end(`web: ${await answer.text()}\n`);
}).listen(PORT, HOST);
