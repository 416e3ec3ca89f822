import { replay } from './replay.ts';

const noIndex = { 'x-consul-index': '1', 'x-consul-knownleader': 'false', 'x-consul-lastcontact': '0' };

replay('registration', {
  differences: [
    { line: '/v1/agent/services?filter=Bogus==1', reason: 'every filter is refused alike; clients read the text', headers: noIndex },
    {
      line: '/v1/catalog/connect/t',
      reason: "1.8 answered an index below that of its own item: clients that waited with it missed the item's change",
      headers: { 'x-consul-index': '16' },
    },
  ],
});
