// ZIP archives, as far as folders of small files need them: written the same for the same files, read with distrust.

import { joined, latin1, utf8, utf8Text } from '../base/bytes.js';
import { texts } from '../base/language.js';
import { canDeflate, deflated, inflated, tooOld } from './deflate.js';
import { isOfTheSystem, MAX_BYTES, MAX_FILES } from './files.js';
import { Problem } from './problem.js';

const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50];
const [LOCAL_SIZE, CENTRAL_SIZE, END_SIZE] = [30, 46, 22];
const [STORED, DEFLATED] = [0, 8];
const [ENCRYPTED, UTF8_NAME] = [0x0001, 0x0800];
const DATE = (1 << 5) | 1; // 1 January 1980
const IN_64 = 0xffffffff;

const t = texts({
  en: {
    none: 'This is no ZIP file, or its end is missing. Pack it again.',
    broken: 'The ZIP file is damaged. Pack it again.',
    zip64: 'The ZIP file is of the large kind (Zip64), which is not read here. Pack fewer or smaller files.',
    encrypted: '`{name}` in the ZIP file is encrypted. Pack it without a password.',
    method:
      '`{name}` in the ZIP file is packed in a way that is not read here. Pack it with Deflate, which is what most ' +
      'programs do.',
    name: 'The ZIP file holds a name that leads out of its folder, or stands twice: `{name}`. Pack the folder again.',
    files: 'The ZIP file holds more than {most} files. Pack the one folder that is meant.',
    large: 'The ZIP file unpacks to more than {most} MB. Pack the one folder that is meant.',
  },
  'zh-CN': {
    none: '这不是 ZIP 文件，或者其结尾缺失。请重新打包。',
    broken: 'ZIP 文件已损坏。请重新打包。',
    zip64: '这是大型 ZIP 文件（Zip64），此处不读取。请减少文件数量或大小。',
    encrypted: 'ZIP 文件中的 `{name}` 已加密。请不设密码重新打包。',
    method: 'ZIP 文件中的 `{name}` 使用了此处不支持的压缩方式。请使用 Deflate（大多数程序的默认方式）重新打包。',
    name: 'ZIP 文件中有指向文件夹之外或重复的名称：`{name}`。请重新打包该文件夹。',
    files: 'ZIP 文件包含超过 {most} 个文件。请只打包所需的那一个文件夹。',
    large: 'ZIP 文件解压后超过 {most} MB。请只打包所需的那一个文件夹。',
  },
});

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ byte) & 0xff] as number);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Sorted by name and without a date of their own, so that the same files give the same bytes. */
export async function zip(files: Record<string, Uint8Array>): Promise<Uint8Array> {
  const [locals, centrals]: [Uint8Array[], Uint8Array[]] = [[], []];
  let offset = 0;
  const names = Object.keys(files).sort();
  for (const name of names) {
    if (!isSafe(name)) throw new Problem(t('name', { name: shown(name) }));
    const bytes = files[name] as Uint8Array;
    const packed = canDeflate() ? await deflated(bytes) : bytes;
    const smaller = packed.length < bytes.length;
    const content = smaller ? packed : bytes;
    const encoded = utf8(name);
    const common = [
      [2, 20],
      [2, UTF8_NAME],
      [2, smaller ? DEFLATED : STORED],
      [2, 0],
      [2, DATE],
      [4, crc32(bytes)],
      [4, content.length],
      [4, bytes.length],
      [2, encoded.length],
      [2, 0],
    ];
    const local = joined([fields([4, LOCAL], ...common), encoded, content]);
    centrals.push(
      joined([fields([4, CENTRAL], [2, 20], ...common, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]), encoded]),
    );
    locals.push(local);
    offset += local.length;
  }
  const central = joined(centrals);
  const end = fields(
    [4, END],
    [2, 0],
    [2, 0],
    [2, names.length],
    [2, names.length],
    [4, central.length],
    [4, offset],
    [2, 0],
  );
  return joined([...locals, central, end]);
}

/** Numbers as the format has them, the lowest byte first: [bytes, value]. */
function fields(...list: number[][]): Uint8Array {
  const out: number[] = [];
  for (const [size = 0, value = 0] of list)
    for (let byte = 0; byte < size; byte += 1) out.push((value >>> (8 * byte)) & 0xff);
  return Uint8Array.from(out);
}

export function isZip(bytes: Uint8Array): boolean {
  return (
    bytes[0] === 0x50 && bytes[1] === 0x4b && ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6))
  );
}

/** The files of an archive. Throws a `Problem` that says what is wrong with it. */
export async function unzip(bytes: Uint8Array): Promise<Record<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  let left = MAX_BYTES;
  for (const entry of entriesOf(bytes)) {
    const content = await contentOf(bytes, entry, left);
    left -= content.length;
    files.set(entry.name, content);
  }
  return Object.fromEntries(files);
}

interface Entry {
  name: string;
  method: number;
  crc: number;
  packed: number;
  size: number;
  offset: number;
}

function entriesOf(bytes: Uint8Array): Entry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOf(view);
  const [count, offset] = [view.getUint16(end + 10, true), view.getUint32(end + 16, true)];
  if (count === 0xffff || offset === IN_64) throw new Problem(t('zip64'));
  if (view.getUint16(end + 8, true) !== count) throw new Problem(t('broken')); // in several parts
  if (count > 2 * MAX_FILES) throw tooMany();
  const entries: Entry[] = [];
  const names = new Set<string>();
  let at = offset;
  for (let index = 0; index < count; index += 1) {
    if (at + CENTRAL_SIZE > end || view.getUint32(at, true) !== CENTRAL) throw new Problem(t('broken'));
    const lengths = [
      view.getUint16(at + 28, true),
      view.getUint16(at + 30, true),
      view.getUint16(at + 32, true),
    ] as const;
    const entry = entryAt(bytes, view, at, lengths[0]);
    at += CENTRAL_SIZE + lengths[0] + lengths[1] + lengths[2];
    if (entry.name.endsWith('/') || isOfTheSystem(entry.name)) continue;
    if (!isSafe(entry.name) || names.has(entry.name)) throw new Problem(t('name', { name: shown(entry.name) }));
    names.add(entry.name);
    entries.push(entry);
  }
  if (entries.length > MAX_FILES) throw tooMany();
  return entries;
}

function entryAt(bytes: Uint8Array, view: DataView, at: number, length: number): Entry {
  const raw = bytes.subarray(at + CENTRAL_SIZE, at + CENTRAL_SIZE + length);
  // Names without the mark of UTF-8 are in a code page that nobody tells; most are ASCII.
  const name = utf8Text(raw) ?? latin1(raw);
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  const [crc, packed, size, offset] = [16, 20, 24, 42].map((place) => view.getUint32(at + place, true)) as [
    number,
    number,
    number,
    number,
  ];
  if ([packed, size, offset].includes(IN_64)) throw new Problem(t('zip64'));
  if (flags & ENCRYPTED) throw new Problem(t('encrypted', { name: shown(name) }));
  if (method !== STORED && method !== DEFLATED) throw new Problem(t('method', { name: shown(name) }));
  return { name, method, crc, packed, size, offset };
}

/** A comment of up to 64 KiB may follow the end. */
function endOf(view: DataView): number {
  const first = Math.max(0, view.byteLength - END_SIZE - 0xffff);
  for (let at = view.byteLength - END_SIZE; at >= first; at -= 1) {
    if (view.getUint32(at, true) === END && at + END_SIZE + view.getUint16(at + 20, true) <= view.byteLength) return at;
  }
  throw new Problem(t('none'));
}

async function contentOf(
  bytes: Uint8Array,
  { method, crc, packed, size, offset }: Entry,
  most: number,
): Promise<Uint8Array> {
  if (size > most) throw tooLarge();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (offset + LOCAL_SIZE > bytes.length || view.getUint32(offset, true) !== LOCAL) throw new Problem(t('broken'));
  const start = offset + LOCAL_SIZE + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  const content = bytes.subarray(start, start + packed);
  if (content.length !== packed) throw new Problem(t('broken'));
  if (method === DEFLATED && !canDeflate()) throw tooOld();
  // What is said of the size may be a lie, so what comes out counts.
  const out =
    method === STORED
      ? new Uint8Array(content)
      : await inflated(content, size).catch(() => {
          throw new Problem(t('broken'));
        });
  if (out.length !== size || crc32(out) !== crc) throw new Problem(t('broken'));
  return out;
}

/** A path that stays in its folder on every system. */
function isSafe(name: string): boolean {
  return (
    name.length <= 400 &&
    !/[\\:\p{Cc}]/u.test(name) &&
    name.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  );
}

function shown(name: string): string {
  return name.length > 80 ? `${name.slice(0, 80)}…` : name;
}

function tooMany(): Problem {
  return new Problem(t('files', { most: MAX_FILES }));
}

function tooLarge(): Problem {
  return new Problem(t('large', { most: MAX_BYTES / 1024 / 1024 }));
}
