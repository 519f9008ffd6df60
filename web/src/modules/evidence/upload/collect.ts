// The files of dropped folders or of a picker, with their paths as they lay on the disk.
import type { Source } from './send';

const fileOf = (entry: FileSystemFileEntry) => new Promise<File>((resolve, reject) => entry.file(resolve, reject));

// A reader gives at most a hundred entries at a time, and an empty list at the end.
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

async function walk(entry: FileSystemEntry, into: Source[]): Promise<void> {
  if (entry.isFile) {
    into.push({ path: entry.fullPath.replace(/^\//, ''), file: await fileOf(entry as FileSystemFileEntry) });
    return;
  }
  for (const child of await entriesOf(entry as FileSystemDirectoryEntry)) await walk(child, into);
}

export async function fromDrop(items: DataTransferItemList): Promise<Source[]> {
  // The list is only valid while the event runs: take all entries first.
  const entries = Array.from(items, (i) => i.webkitGetAsEntry()).filter((e) => e !== null);
  const found: Source[] = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}

export const fromPicker = (files: FileList): Source[] =>
  Array.from(files, (file) => ({ path: file.webkitRelativePath || file.name, file }));
