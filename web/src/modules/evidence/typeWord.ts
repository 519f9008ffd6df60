// What a media type is called: the same groups as type: in the query language, the exact type behind it.
import { useWord } from '../../ui/i18n';

const GROUPS: readonly (readonly [string, RegExp])[] = [
  ['pdf', /^application\/pdf/],
  ['html', /^(text\/html|application\/xhtml)/],
  ['word', /^(application\/(msword|rtf|vnd\.openxmlformats-officedocument\.wordprocessingml|vnd\.oasis\.opendocument\.text)|text\/rtf)/],
  ['sheet', /^(application\/(vnd\.ms-excel|vnd\.openxmlformats-officedocument\.spreadsheetml|vnd\.oasis\.opendocument\.spreadsheet)|text\/csv)/],
  ['slides', /^application\/(vnd\.ms-powerpoint|vnd\.openxmlformats-officedocument\.presentationml|vnd\.oasis\.opendocument\.presentation)/],
  ['mailbox', /^application\/(mbox|vnd\.ms-outlook-pst)/],
  ['mail', /^(message\/|application\/vnd\.ms-outlook)/],
  ['archive', /^application\/(zip|x-tar|gzip|x-7z-compressed|vnd\.rar|x-bzip2|x-xz|zstd|x-iso9660-image|vnd\.ms-cab-compressed)/],
  ['chat', /^application\/x-(chat|whatsapp|telegram)/],
  ['geo', /^application\/(vnd\.google-earth|gpx\+xml|geo\+json)/],
  ['database', /^application\/vnd\.sqlite3/],
  ['image', /^image\//],
  ['video', /^video\//],
  ['audio', /^audio\//],
  ['text', /^text\//],
];

export const groupOf = (type: string) => GROUPS.find(([, pattern]) => pattern.test(type))?.[0];

// The part that tells image/jpeg from image/png, where the group alone does not.
const BROAD = new Set(['image', 'video', 'audio', 'archive', 'text', 'chat', 'geo', 'mail']);
const PLAIN = new Set(['message/rfc822', 'text/plain']);
const detail = (type: string) => type.split('/')[1]!.replace(/^x-/, '').split(/[;+]/)[0]!;

export function useTypeWord(): (type: string) => string {
  const word = useWord();
  return (type) => {
    const group = type.includes('/') ? groupOf(type) : type;
    if (!group) return type;
    const name = word('evidence.type', group);
    return type.includes('/') && BROAD.has(group) && !PLAIN.has(type) ? `${name} (${detail(type)})` : name;
  };
}
