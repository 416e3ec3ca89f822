import { replay } from './replay.ts';

replay('agent', {
  differences: [
    {
      line: '/v1/catalog/connect/api',
      reason: "1.8 answered an index below that of its own item: clients that waited with it missed the item's change",
      headers: { 'x-consul-index': '17' },
    },
  ],
});
