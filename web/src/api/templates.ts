// Templates of documents and what becomes of them (docs/formats/templates.md).
import { at, fetchFile, get, getTagged, params, post, put } from './client';
import type { Operations, Preview, TemplatePage } from './schema';

export type { DocumentBlock, Period, Preview, TemplatePage, TemplateRow } from './schema';

export type Asked = { template: string; code?: string; from?: string; to?: string; case?: string; lang: string };

function path({ template, code, ...more }: Asked, format: string): string {
  return code
    ? `/records/${at(code)}/document${params({ template, ...more, format })}`
    : `/templates/${at(template)}/document${params({ ...more, format })}`;
}

export const templates = {
  all: (kind: string | undefined, signal?: AbortSignal) => get<Operations['template.list']['gives']>(`/templates${params({ kind })}`, signal),
  one: (name: string, signal?: AbortSignal) => getTagged<TemplatePage>(`/templates/${at(name)}`, signal),
  change: (name: string, declaration: unknown, etag: string) => put<{ version: number }>(`/templates/${at(name)}`, declaration, etag),
  preview: (asked: Asked, signal?: AbortSignal) => get<Preview>(path(asked, 'json'), signal),
  file: (asked: Asked, format: string) => fetchFile(path(asked, format)),
  tryOut: (body: { declaration: string; code?: string; from?: string; to?: string; lang: string }) => post<Preview | { blocks: null }>('/template-previews', body),
};
