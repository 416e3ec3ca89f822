import { replay } from './replay.ts';

replay('query', {
  differences: [
    {
      line: '-X POST /v1/query/ -d {}',
      reason: 'Consul forgets OPTIONS here, which it answers all the same',
      headers: { allow: 'OPTIONS,GET,PUT,DELETE' },
    },
  ],
});
