import { encodeFile, type ProtoFile, qualified, symbolsOf } from './descriptor.ts';
import type { GrpcMethod } from './server.ts';
import { GrpcError } from './status.ts';
import { bytesField, bytesOf, intField, readFields } from './wire.ts';

/** gRPC server reflection, both versions: which services there are, and the files that define them. */

const API: ProtoFile = {
  name: 'api.proto',
  package: '',
  messages: {
    Request: [{ name: 'data', number: 1, type: 'bytes' }],
    Response: [{ name: 'Message', number: 1, type: 'string' }],
  },
  services: { FakeService: [{ name: 'Handle', input: 'Request', output: 'Response' }] },
};

const VERSIONS = ['v1alpha', 'v1'] as const;

/** grpc/reflection/v1/reflection.proto, which v1alpha has in the same words. */
function reflectionFile(version: (typeof VERSIONS)[number]): ProtoFile {
  const oneof = 'message_request';
  const answer = 'message_response';
  return {
    name: `grpc/reflection/${version}/reflection.proto`,
    package: `grpc.reflection.${version}`,
    messages: {
      ServerReflectionRequest: [
        { name: 'host', number: 1, type: 'string' },
        { name: 'file_by_filename', number: 3, type: 'string', oneof },
        { name: 'file_containing_symbol', number: 4, type: 'string', oneof },
        { name: 'file_containing_extension', number: 5, type: 'ExtensionRequest', oneof },
        { name: 'all_extension_numbers_of_type', number: 6, type: 'string', oneof },
        { name: 'list_services', number: 7, type: 'string', oneof },
      ],
      ExtensionRequest: [
        { name: 'containing_type', number: 1, type: 'string' },
        { name: 'extension_number', number: 2, type: 'int32' },
      ],
      ServerReflectionResponse: [
        { name: 'valid_host', number: 1, type: 'string' },
        { name: 'original_request', number: 2, type: 'ServerReflectionRequest' },
        { name: 'file_descriptor_response', number: 4, type: 'FileDescriptorResponse', oneof: answer },
        { name: 'all_extension_numbers_response', number: 5, type: 'ExtensionNumberResponse', oneof: answer },
        { name: 'list_services_response', number: 6, type: 'ListServiceResponse', oneof: answer },
        { name: 'error_response', number: 7, type: 'ErrorResponse', oneof: answer },
      ],
      FileDescriptorResponse: [{ name: 'file_descriptor_proto', number: 1, type: 'bytes', repeated: true }],
      ExtensionNumberResponse: [
        { name: 'base_type_name', number: 1, type: 'string' },
        { name: 'extension_number', number: 2, type: 'int32', repeated: true },
      ],
      ListServiceResponse: [{ name: 'service', number: 1, type: 'ServiceResponse', repeated: true }],
      ServiceResponse: [{ name: 'name', number: 1, type: 'string' }],
      ErrorResponse: [
        { name: 'error_code', number: 1, type: 'int32' },
        { name: 'error_message', number: 2, type: 'string' },
      ],
    },
    services: {
      ServerReflection: [
        { name: 'ServerReflectionInfo', input: 'ServerReflectionRequest', output: 'ServerReflectionResponse', streaming: true },
      ],
    },
  };
}

const FILES: readonly ProtoFile[] = [API, ...VERSIONS.map(reflectionFile)];

export function reflectionMethods(): [path: string, method: GrpcMethod][] {
  return VERSIONS.map((version) => [`/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`, reflect]);
}

const reflect: GrpcMethod = async ({ messages, send }) => {
  for await (const request of messages) send(answerTo(request));
};

/** ServerReflectionResponse: the host and the request come back, before the one answer. */
function answerTo(request: Buffer): Buffer {
  const fields = readFields(request);
  if (!fields) throw new GrpcError('Internal', 'grpc: error unmarshalling request');
  const about = [bytesField(1, bytesOf(fields, 1) ?? ''), bytesField(2, request)];
  const text = (number: number): string | undefined => bytesOf(fields, number)?.toString('utf8');
  const fileName = text(3);
  const symbol = text(4);
  const type = text(6);
  let answer: Buffer;
  if (fileName !== undefined) answer = fileAnswer((file) => file.name === fileName, `File not found: ${fileName}`);
  else if (symbol !== undefined) answer = fileAnswer((file) => symbolsOf(file).includes(symbol), `Symbol not found: ${symbol}`);
  else if (type !== undefined && FILES.some((file) => symbolsOf(file).includes(type))) answer = bytesField(5, bytesField(1, type));
  else if (type !== undefined) answer = notFound(`Type not found: ${type}`);
  else if (bytesOf(fields, 5)) answer = notFound('Extension not found');
  else if (text(7) !== undefined) answer = bytesField(6, Buffer.concat(services().map((name) => bytesField(1, bytesField(1, name)))));
  else throw new GrpcError('InvalidArgument', 'invalid MessageRequest');
  return Buffer.concat([...about, answer]);
}

function fileAnswer(matches: (file: ProtoFile) => boolean, otherwise: string): Buffer {
  const file = FILES.find(matches);
  return file ? bytesField(4, bytesField(1, encodeFile(file))) : notFound(otherwise);
}

function notFound(message: string): Buffer {
  return bytesField(7, Buffer.concat([intField(1, new GrpcError('NotFound', message).code), bytesField(2, message)]));
}

function services(): string[] {
  return FILES.flatMap((file) => Object.keys(file.services).map((name) => qualified(name, file))).toSorted();
}
