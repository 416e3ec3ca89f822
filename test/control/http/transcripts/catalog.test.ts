import { replay } from './replay.ts';

replay('catalog', {
  differences: [
    {
      line: '/v1/catalog/connect/web',
      reason: "1.8 answered an index below that of its own item: clients that waited with it missed the item's change",
      headers: { 'x-consul-index': '22' },
    },
    {
      line: '/v1/catalog/gateway-services/ing',
      reason: 'a gateway of everything has news whenever a service is registered, a gateway too',
      headers: { 'x-consul-index': '37' },
    },
    {
      line: '/v1/catalog/gateway-services/term',
      reason: 'a gateway of everything has news whenever a service is registered, a gateway too',
      headers: { 'x-consul-index': '37' },
    },
  ],
});
