// Reads the user's files, up to a limit, and says why a file cannot be read.

import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';

import { decode } from '../read/text.js';
import { Unevaluated } from '../read/unevaluated.js';

const MAX_BYTES = 64 * 1024 * 1024;
const CHUNK = 256 * 1024;

const REASONS = {
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links form a loop',
  ENAMETOOLONG: 'its name is too long',
  ENOENT: 'it does not exist',
  ENOSPC: 'no space is left on the device',
  ENOTDIR: 'part of its path is not a folder',
  EROFS: 'the file system is read-only',
  ERR_INVALID_ARG_VALUE: 'its name is not valid for a file',
};

/** The bytes of a file, or of standard input for `-`. A pipe is read only up to the limit. */
export function readBytes(path) {
  let descriptor;
  try {
    descriptor = path === '-' ? 0 : openSync(path, 'r');
    const stat = fstatSync(descriptor);
    if (stat.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    if (stat.isFile() && stat.size > MAX_BYTES) throw tooLarge(path);
    return readAll(descriptor, path, stat.isFile() ? stat.size : CHUNK);
  } catch (error) {
    if (error instanceof Unevaluated) throw error;
    throw unreadable(error, path);
  } finally {
    if (descriptor > 0) closeSync(descriptor);
  }
}

/** The system's error in words. Any other error is a bug and is returned unchanged. */
export function unreadable(error, file) {
  if (error.code === undefined || (!error.syscall && !(error.code in REASONS))) return error;
  return new Unevaluated(`cannot read: ${REASONS[error.code] ?? error.code}`, { file });
}

/** @param size how much there seems to be; one byte more, and the first read shows that it is all */
function readAll(descriptor, path, size) {
  const chunks = [];
  let total = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(Math.min(Math.max(size + 1 - total, 512), CHUNK));
    const count = readSome(descriptor, chunk);
    if (count === 0) return Buffer.concat(chunks, total);
    total += count;
    if (total > MAX_BYTES) throw tooLarge(path);
    chunks.push(chunk.subarray(0, count));
  }
}

function readSome(descriptor, chunk) {
  for (;;) {
    try {
      return readSync(descriptor, chunk);
    } catch (error) {
      if (error.code === 'EOF') return 0; // Windows's end of a pipe
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5); // a terminal or pipe that has nothing yet
    }
  }
}

function tooLarge(path) {
  return new Unevaluated(`it is larger than ${MAX_BYTES / 1024 / 1024} MiB`, { file: path });
}

/** Text of a file. */
export function readText(path) {
  return decode(readBytes(path), path);
}

/** What the system says of a failed write. */
export function reasonOf({ code }) {
  return REASONS[code] ?? code;
}

/**
 * Writes to a temporary file and renames it, so a reader sees the old file or the whole new one, even if the machine
 * stops. A file that is there keeps its mode, and a symbolic link stays one. @param mode of a new file
 */
export function writeAtomically(path, text, mode) {
  const target = targetOf(path);
  const old = statSync(target, { throwIfNoEntry: false });
  // A device or a pipe has no old content to keep, and must not be replaced by a file.
  if (old && !old.isFile()) return writeFileSync(target, text);
  const aside = `${target}.${randomBytes(4).toString('hex')}.tmp`;
  let descriptor;
  try {
    descriptor = openSync(aside, 'wx', mode);
    writeFileSync(descriptor, text);
    if (old) fchmodSync(descriptor, old.mode);
    fsyncSync(descriptor);
    closeSync(descriptor);
    descriptor = undefined;
    renameSync(aside, target);
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor);
    rmSync(aside, { force: true });
    throw error;
  }
}

/** Where symbolic links lead, also if nothing is there yet. */
function targetOf(path) {
  const link = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() && !path.startsWith('/dev/');
  if (!link) return path;
  return existsSync(path) ? realpathSync(path) : targetOf(resolve(dirname(path), readlinkSync(path)));
}
