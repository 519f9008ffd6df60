// The text of a template, tried out while it is written: what is wrong, where, and what would become of it.
import { Alert, Button } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useIntl } from 'react-intl';
import { isProblem } from '../../../api/client';
import { records } from '../../../api/records';
import { templates, type Preview, type TemplatePage } from '../../../api/templates';
import { ProblemAlert } from '../../../app/problem';
import { Suggest } from '../../../ui/fields/Suggest';
import { T, useT } from '../../../ui/i18n';
import { DocumentView } from './DocumentView';
import { LanguageChoice } from './Made';
import { spanOf } from './period';
import { lineOf, placeIn } from './place';

function Wrong({ error, text, onShow }: { error: unknown; text: string; onShow: (offset: number) => void }) {
  const t = useT();
  if (!isProblem(error, 422)) return <ProblemAlert error={error} />;
  const offset = placeIn(text, error.detail);
  return (
    <Alert
      variant="danger"
      isInline
      title={error.detail}
      actionLinks={
        offset !== null && (
          <Button variant="link" isInline onClick={() => onShow(offset)}>
            {t('records.documents.goTo', lineOf(text, offset))}
          </Button>
        )
      }
    />
  );
}

export function TemplateEditor({ opened, etag, onDone }: { opened: TemplatePage; etag: string; onDone: () => void }) {
  const t = useT();
  const cache = useQueryClient();
  const box = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => JSON.stringify(opened.declaration, null, 1));
  const [code, setCode] = useState<string[]>([]);
  const [language, setLanguage] = useState(useIntl().locale.startsWith('fr') ? 'fr' : 'en');
  const period = opened.kind === null ? spanOf('month', new Date().toISOString().slice(0, 10), 0) : {};
  const tried = useMutation({ mutationFn: () => templates.tryOut({ declaration: text, ...(code[0] ? { code: code[0] } : {}), ...period, lang: language }) });
  const kept = useMutation({
    // Read by the server first: only there is it known what fits.
    mutationFn: async () => {
      await templates.tryOut({ declaration: text, lang: language });
      return templates.change(opened.template, JSON.parse(text), etag);
    },
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['templates'] });
      onDone();
    },
  });
  const show = (offset: number) => {
    const { line } = lineOf(text, offset);
    box.current?.focus();
    box.current?.setSelectionRange(offset, offset + 1);
    box.current?.scrollTo({ top: Math.max(0, line - 4) * 20 });
  };
  const error = tried.error ?? kept.error;
  return (
    <>
      <div className="document-choices">
        <Button isDisabled={kept.isPending} onClick={() => kept.mutate()}>
          <T id="records.documents.keep" />
        </Button>
        <Button variant="secondary" isDisabled={tried.isPending} onClick={() => tried.mutate()}>
          <T id="records.documents.tryOut" />
        </Button>
        {opened.kind !== null && (
          <span className="grow">
            <label className="label" htmlFor="template-record">
              <T id="records.documents.against" />
            </label>
            <Suggest
              id="template-record"
              value={code}
              onChange={setCode}
              name={(c) => c}
              find={async (words, signal) => (await records.suggest([opened.kind!], words, signal)).hits.map((h) => ({ code: h.code, title: h.title }))}
            />
          </span>
        )}
        <LanguageChoice id="template-language" value={language} onChange={setLanguage} />
        <Button variant="link" onClick={onDone}>
          <T id="ui.cancel" />
        </Button>
      </div>
      {error && <Wrong error={error} text={text} onShow={show} />}
      {tried.data && tried.data.blocks === null && <Alert variant="success" isInline title={t('records.documents.good')} />}
      <div className="template-parts">
        <div>
          <label className="label" htmlFor="template-text">
            <T id="records.documents.text" />
          </label>
          <textarea
            ref={box}
            id="template-text"
            className="f-in template-text"
            spellCheck={false}
            value={text}
            onChange={(e) => {
              setText(e.target.value);
              tried.reset();
              kept.reset();
            }}
          />
        </div>
        {tried.data && tried.data.blocks !== null && <DocumentView document={tried.data as Preview} />}
      </div>
    </>
  );
}
