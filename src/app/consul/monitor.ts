import { unexpected } from './client.ts';
import { attempt, type Command, Failure } from './command.ts';

export const monitor: Command = {
  name: 'monitor',
  synopsis: 'Follow the log of the agent',
  usage: [''],
  description: 'Prints what the agent logs from now on, until it is interrupted.',
  examples: ['monitor -log-level debug', 'monitor -log-json'],
  flags: [
    {
      name: 'log-level',
      kind: 'string',
      value: 'string',
      doc: 'What is below is left out: trace, debug, info (default), warn, error.',
      choices: ['trace', 'debug', 'info', 'warn', 'error'],
    },
    { name: 'log-json', kind: 'bool', doc: 'Lines as JSON.' },
  ],
  run: async ({ io, flags, client }) => {
    const api = await client();
    const query = { loglevel: flags.string('log-level') || 'INFO', ...(flags.bool('log-json') ? { logjson: 'true' } : {}) };
    const stream = await attempt('Error starting monitor', api.stream('GET', '/v1/agent/monitor', { query }));
    if (stream.status !== 200) {
      const chunks: Buffer[] = [];
      for await (const chunk of stream.body) chunks.push(chunk as Buffer);
      throw new Failure(`Error starting monitor: ${unexpected({ status: stream.status, body: Buffer.concat(chunks).toString() })}`);
    }
    try {
      for await (const chunk of stream.body) io.out(String(chunk));
    } catch (error) {
      if (!io.signal.aborted) throw new Failure(`Error monitoring: ${error instanceof Error ? error.message : String(error)}`);
      return 0;
    }
    io.err('\nRemote side ended the monitor! This usually means that the\nremote side has exited or crashed.\n');
    return 0;
  },
};
