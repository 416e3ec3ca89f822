import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** The program under test: a shop that lets payments be made by another service, wherever that is. */
export function createShop(paymentsUrl: () => string) {
  const buy = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const paid = await fetch(`${paymentsUrl()}${request.url}`).catch(() => undefined);
    response.statusCode = paid?.ok ? 200 : 502;
    response.end(paid?.ok ? `thank you: ${await paid.text()}` : `sorry: payments said ${paid?.status ?? 'nothing'}`);
  };
  return createServer((request, response) => void buy(request, response));
}
