import { afterAll, beforeAll, expect, it } from 'vitest';
import { bytesField, bytesOf, intField, readFields } from '../../../../src/images/fake-service/grpc/wire.ts';
import { type Started, start } from '../harness.ts';
import { callGrpc } from './harness.ts';

let started: Started;
beforeAll(async () => {
  started = await start();
});
afterAll(() => started.service.close());

const field = (message: Buffer, number: number): Buffer => bytesOf(readFields(message)!, number)!;
const texts = (message: Buffer, number: number): string[] =>
  readFields(message)!.flatMap((one) => (one.number === number ? [String(one.value)] : []));

async function ask(...requests: Buffer[]): Promise<Buffer[]> {
  const path = '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo';
  const { headers, messages } = await callGrpc(started.url, { path, messages: requests });
  expect(headers['grpc-status']).toBe('0');
  return messages;
}

it('lists the services', async () => {
  const [answer] = await ask(bytesField(7, '*'));
  const services = readFields(field(answer!, 6))!.map((service) => texts(service.value as Buffer, 1)[0]);
  expect(services).toEqual(['FakeService', 'grpc.reflection.v1.ServerReflection', 'grpc.reflection.v1alpha.ServerReflection']);
});

it.each([
  [bytesField(4, 'FakeService'), 'api.proto'],
  [bytesField(4, 'FakeService.Handle'), 'api.proto'],
  [bytesField(4, 'Response'), 'api.proto'],
  [bytesField(3, 'api.proto'), 'api.proto'],
  [bytesField(4, 'grpc.reflection.v1.ServerReflection'), 'grpc/reflection/v1/reflection.proto'],
])('describes what was asked for', async (request, file) => {
  const [answer] = await ask(request);
  expect(field(answer!, 2)).toEqual(request);
  expect(texts(field(field(answer!, 4), 1), 1)).toEqual([file]);
});

it('describes api.proto as protoc does', async () => {
  const [answer] = await ask(bytesField(4, 'FakeService'));
  const label = (type: number) => [intField(4, 1), intField(5, type)];
  const message = (name: string, member: string, type: number) =>
    Buffer.concat([bytesField(1, name), bytesField(2, Buffer.concat([bytesField(1, member), intField(3, 1), ...label(type)]))]);
  const method = Buffer.concat([bytesField(1, 'Handle'), bytesField(2, '.Request'), bytesField(3, '.Response')]);
  const expected = Buffer.concat([
    bytesField(1, 'api.proto'),
    bytesField(4, message('Request', 'data', 12)),
    bytesField(4, message('Response', 'Message', 9)),
    bytesField(6, Buffer.concat([bytesField(1, 'FakeService'), bytesField(2, method)])),
    bytesField(12, 'proto3'),
  ]);
  expect(field(field(answer!, 4), 1)).toEqual(expected);
});

it('answers one after the other, also what it does not know', async () => {
  const answers = await ask(
    bytesField(4, 'Nobody'),
    bytesField(3, 'x.proto'),
    bytesField(6, 'Request'),
    bytesField(5, bytesField(1, 'Request')),
  );
  const errors = answers.map((answer) => bytesOf(readFields(answer)!, 7)).map((error) => error && texts(error, 2)[0]);
  expect(errors).toEqual(['Symbol not found: Nobody', 'File not found: x.proto', undefined, 'Extension not found']);
});

it('is not there before v0.23', async () => {
  const old = await start({ MESH_IMAGE_TAG: 'v0.22.0', SERVER_TYPE: 'grpc' });
  const path = '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo';
  expect((await callGrpc(old.url, { path })).headers['grpc-status']).toBe('12');
  await old.service.close();
});
