import { bytesField, intField } from './wire.ts';

/** FileDescriptorProto (google/protobuf/descriptor.proto) of small files, written down as tables. */
export interface ProtoFile {
  readonly name: string;
  /** Empty: none. */
  readonly package: string;
  readonly messages: Readonly<Record<string, readonly ProtoField[]>>;
  readonly services: Readonly<Record<string, readonly ProtoMethod[]>>;
}

export interface ProtoField {
  readonly name: string;
  readonly number: number;
  /** A scalar, or the name of a message of the same file. */
  readonly type: string;
  readonly repeated?: boolean;
  /** The one that it is part of. A message here has at most one. */
  readonly oneof?: string;
}

export interface ProtoMethod {
  readonly name: string;
  readonly input: string;
  readonly output: string;
  readonly streaming?: boolean;
}

/** FieldDescriptorProto.Type; anything else is a message. */
const SCALARS: Readonly<Record<string, number>> = { int32: 5, string: 9, bytes: 12 };
const MESSAGE_TYPE = 11;
const LABEL_OPTIONAL = 1;
const LABEL_REPEATED = 3;

export function encodeFile(file: ProtoFile): Buffer {
  return Buffer.concat([
    bytesField(1, file.name),
    ...(file.package === '' ? [] : [bytesField(2, file.package)]),
    ...Object.entries(file.messages).map(([name, fields]) => bytesField(4, encodeMessage(name, fields, file))),
    ...Object.entries(file.services).map(([name, methods]) => bytesField(6, encodeService(name, methods, file))),
    bytesField(12, 'proto3'),
  ]);
}

/** Everything that the file defines: messages with their fields, services with their methods. */
export function symbolsOf(file: ProtoFile): string[] {
  const members = [...Object.entries(file.messages), ...Object.entries(file.services)];
  return members.flatMap(([name, parts]) => [name, ...parts.map((part) => `${name}.${part.name}`)]).map((name) => qualified(name, file));
}

export function qualified(name: string, file: ProtoFile): string {
  return file.package === '' ? name : `${file.package}.${name}`;
}

function encodeMessage(name: string, fields: readonly ProtoField[], file: ProtoFile): Buffer {
  const oneof = fields.find((field) => field.oneof !== undefined)?.oneof;
  const encoded = fields.map((field) => bytesField(2, encodeField(field, file)));
  return Buffer.concat([bytesField(1, name), ...encoded, ...(oneof === undefined ? [] : [bytesField(8, bytesField(1, oneof))])]);
}

function encodeField(field: ProtoField, file: ProtoFile): Buffer {
  const scalar = SCALARS[field.type];
  return Buffer.concat([
    bytesField(1, field.name),
    intField(3, field.number),
    intField(4, field.repeated ? LABEL_REPEATED : LABEL_OPTIONAL),
    intField(5, scalar ?? MESSAGE_TYPE),
    ...(scalar === undefined ? [bytesField(6, `.${qualified(field.type, file)}`)] : []),
    ...(field.oneof === undefined ? [] : [intField(9, 0)]),
  ]);
}

function encodeService(name: string, methods: readonly ProtoMethod[], file: ProtoFile): Buffer {
  const encoded = methods.map((method) =>
    bytesField(
      2,
      Buffer.concat([
        bytesField(1, method.name),
        bytesField(2, `.${qualified(method.input, file)}`),
        bytesField(3, `.${qualified(method.output, file)}`),
        ...(method.streaming ? [intField(5, 1), intField(6, 1)] : []),
      ]),
    ),
  );
  return Buffer.concat([bytesField(1, name), ...encoded]);
}
