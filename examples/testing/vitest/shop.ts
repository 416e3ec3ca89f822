import { createServer } from 'node:http';

/** The program under test: a shop that lets payments be made by another service, wherever that is. */
export function createShop(paymentsUrl: () => string) {
  return createServer(async (request, response) => {
    const paid = await fetch(`${paymentsUrl()}${request.url}`).catch(() => undefined);
    response.statusCode = paid?.ok ? 200 : 502;
    response.end(paid?.ok ? `thank you: ${await paid.text()}` : `sorry: payments said ${paid?.status ?? 'nothing'}`);
  });
}
