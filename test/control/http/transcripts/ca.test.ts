import { replay } from './replay.ts';

replay('ca', {
  differences: [
    {
      line: '/v1/connect/ca/roots',
      reason: '1.8.7 forgets to say that there is a leader; there is one',
      headers: { 'x-consul-knownleader': 'true' },
    },
    {
      line: '-X PUT /v1/connect/ca/configuration -d {"Provider":"consul","Config":{"PrivateKey":"xx"}}',
      reason: 'a key that can not be read is a secret nevertheless',
      text: 'error generating CA root certificate: error generating CA: error parsing private key: no PEM-encoded data found',
    },
  ],
});
