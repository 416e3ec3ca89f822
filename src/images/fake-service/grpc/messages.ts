import { bytesField, bytesOf, intField, readFields } from './wire.ts';

/**
 * The messages of fake-service's api.proto, which has no package:
 *   service FakeService { rpc Handle(Request) returns (Response) {} }
 *   message Request { bytes data = 1; }       (until v0.22.8 an empty `Nil`, which is the same on the wire)
 *   message Response { string Message = 1; }  (the JSON that HTTP would have answered)
 * and google.rpc.Status, which carries a Response along with an error.
 */
export const HANDLE_PATH = '/FakeService/Handle';

const RESPONSE_TYPE = 'type.googleapis.com/Response';

export function encodeRequest(data: string | undefined): Buffer {
  return data === undefined || data === '' ? Buffer.alloc(0) : bytesField(1, data);
}

export function encodeMessage(json: string): Buffer {
  return bytesField(1, json);
}

/** The JSON of a Response; undefined when the bytes are none. */
export function decodeMessage(message: Buffer): string | undefined {
  const fields = readFields(message);
  return fields && (bytesOf(fields, 1)?.toString('utf8') ?? '');
}

export function encodeStatus(code: number, message: string, json: string): Buffer {
  const detail = Buffer.concat([bytesField(1, RESPONSE_TYPE), bytesField(2, encodeMessage(json))]);
  return Buffer.concat([intField(1, code), bytesField(2, message), bytesField(3, detail)]);
}

/** The JSON of the Response in an error's first detail, if it has one. */
export function decodeStatusDetail(status: Buffer): string | undefined {
  const first = readFields(status)?.find((field) => field.number === 3)?.value;
  const detail = first instanceof Buffer ? readFields(first) : undefined;
  if (!detail || bytesOf(detail, 1)?.toString() !== RESPONSE_TYPE) return undefined;
  return decodeMessage(bytesOf(detail, 2) ?? Buffer.alloc(0));
}
