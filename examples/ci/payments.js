const { createServer } = require('node:http');

const { HOST, PORT } = process.env;
createServer((_request, response) => response.end('paid')).listen(PORT, HOST);
