#!/usr/bin/env node
var version = process.versions.node.split('.').map(Number);
if (version[0] < 20 || (version[0] === 20 && version[1] < 15)) {
  process.stderr.write('mesh needs Node.js 20.15 or newer; this is ' + process.versions.node + ' (' + process.execPath + ')\n');
  process.exit(4);
}
if (process.platform === 'win32') {
  process.stderr.write('mesh runs on Linux and macOS; on Windows, use WSL 2\n');
  process.exit(4);
}
// `run` (and what reads blueprints as it does) and `agent` are single files, which are there before Node has started its loader of ES modules.
var consul = /(^|\/)consul$/.test(process.argv[1]);
var called = consul ? 'consul ' + process.argv[2] : process.argv[2] === 'consul' ? 'consul ' + process.argv[3] : process.argv[2];
var file = { run: 'run', up: 'run', validate: 'run', agent: 'agent-command', 'consul agent': 'agent-command' }[called];
var load = file ? new Promise((resolve) => resolve(require('../dist/' + file + '.cjs'))) : import('../dist/main.js');
load.catch((error) => {
  process.stderr.write(/MODULE_NOT_FOUND/.test(error.code) ? 'mesh is not built yet: npm run build\n' : error.stack + '\n');
  process.exit(70);
});
