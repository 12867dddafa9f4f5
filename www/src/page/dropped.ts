// Files that were dropped or picked, folders with all that is in them, as names and bytes.

import { texts } from '../base/language.js';
import { isOfTheSystem, MAX_BYTES, MAX_FILES, tooMany } from '../share/files.js';
import { Problem } from '../share/problem.js';

interface Named {
  name: string;
  bytes: Uint8Array;
}

const t = texts({
  en: { unread: '`{name}` cannot be read. Was it moved, or is it open in another program? Drop it again.' },
  'zh-CN': { unread: '无法读取 `{name}`。它是否被移动，或正被其他程序打开？请重新拖入。' },
});

/** Call it in the event itself: what was dropped is gone after it. Rejects with a `Problem` alone. */
export function droppedFiles(transfer: DataTransfer): Promise<Named[]> {
  const items = [...transfer.items].filter(({ kind }) => kind === 'file');
  const entries = items
    .map((item) => item.webkitGetAsEntry?.())
    .filter((entry) => entry !== null && entry !== undefined);
  // What is no entry of a file system, such as an image from another page, is a file all the same.
  return entries.length === items.length ? readEntries(entries) : pickedFiles(transfer.files);
}

/** The list is copied at once, so that its field may be emptied. Rejects with a `Problem` alone. */
export function pickedFiles(list: FileList): Promise<Named[]> {
  return readFiles([...list].map((file) => ({ name: file.webkitRelativePath || file.name, file })));
}

async function readEntries(entries: FileSystemEntry[]): Promise<Named[]> {
  const found: { name: string; file: File }[] = [];
  const waiting = [...entries];
  for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
    const name = entry.fullPath.replace(/^\/+/, '') || entry.name;
    if (isOfTheSystem(name)) continue;
    if (found.length + waiting.length >= MAX_FILES) throw tooMany();
    if (entry.isFile) found.push({ name, file: await told(name, fileOf(entry as FileSystemFileEntry)) });
    else waiting.push(...(await told(name, childrenOf(entry as FileSystemDirectoryEntry))));
  }
  return readFiles(found);
}

async function readFiles(found: { name: string; file: File }[]): Promise<Named[]> {
  // A folder's own files say how large they are before any of them is read.
  if (found.length > MAX_FILES || found.reduce((sum, { file }) => sum + file.size, 0) > MAX_BYTES) throw tooMany();
  return Promise.all(
    found.map(async ({ name, file }) => ({ name, bytes: new Uint8Array(await told(name, file.arrayBuffer())) })),
  );
}

async function told<Value>(name: string, read: Promise<Value>): Promise<Value> {
  try {
    return await read;
  } catch (error) {
    throw error instanceof Problem ? error : new Problem(t('unread', { name }));
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** A folder gives its entries piece by piece, until a piece is empty. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const piece = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (piece.length === 0) return all;
    all.push(...piece);
    if (all.length > MAX_FILES) throw tooMany();
  }
}
