import type { ServerHttp2Stream } from 'node:http2';
import { type Refusal, refusalMessage } from '../http/respond.ts';
import type { RequestHead } from '../http1/request.ts';

/** Answers with a refusal; the caller ends the stream. `request` is absent when it could not be read. */
export function respondRefusal(stream: ServerHttp2Stream, refusal: Refusal, request: RequestHead | undefined): void {
  if (stream.closed) return;
  const { status, fields, body } = refusalMessage(refusal, request);
  stream.respond({ ':status': status, ...Object.fromEntries(fields) }, { endStream: body === '' });
  if (!stream.writableEnded) stream.write(body);
}
