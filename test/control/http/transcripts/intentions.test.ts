import { replay } from './replay.ts';

replay('intentions', {
  differences: [
    {
      line: '-X POST /v1/agent/connect/authorize -d {"Target":"db","ClientCertURI":"spiffe://x/ns/default/dc/dc1/svc/web2","ClientCertSerial":"01"}',
      reason: 'an agent that is its own server has everything in its cache',
      headers: { 'x-cache': 'HIT' },
    },
  ],
});
