import { once } from 'node:events';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { StreamAnswer } from './answer.ts';

/** Sends what comes, as it comes. The headers go at once: whoever waits for the first piece knows that it is listened to. */
export async function sendStream(answer: StreamAnswer, response: ServerResponse, headers: OutgoingHttpHeaders): Promise<void> {
  response.writeHead(200, { ...headers, 'Content-Type': answer.contentType });
  response.flushHeaders();
  for await (const chunk of answer.chunks) {
    if (response.destroyed) break;
    if (!response.write(chunk)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
  response.end();
}
