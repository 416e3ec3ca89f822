import { fork } from 'node:child_process';
import { join } from 'node:path';
import { freePorts } from '../processes.mjs';

/** Starts an application of the bench in a process of its own, on a free port unless one is given. */
export async function startApp({ port, args = [], file = 'app.mjs' } = {}) {
  const at = port ?? (await freePorts(1))[0];
  const child = fork(join(import.meta.dirname, file), [String(at), ...args.map(String)], { execArgv: [] });
  await new Promise((done, fail) => {
    child.once('message', done);
    child.once('exit', () => fail(new Error('the application ended')));
  });
  return {
    port: at,
    child,
    stop: (signal = 'SIGTERM') =>
      new Promise((done) => {
        if (child.exitCode !== null || child.signalCode !== null) return done();
        child.once('exit', done);
        child.kill(signal);
      }),
  };
}
