import { Alert, Button, Label } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useIntl } from 'react-intl';
import { templates, type TemplatePage as Opened } from '../../../api/templates';
import { useActions } from '../../../app/actions';
import { Loaded } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { Code, Moment, Num } from '../../../ui/Words';
import { outlineOf } from './outline';
import { TemplateEditor } from './TemplateEditor';
import '../../../ui/fields/fields.css';
import './documents.css';

function Outline({ declaration }: { declaration: unknown }) {
  const language = useIntl().locale.startsWith('fr') ? 'fr' : 'en';
  return (
    <ol className="outline">
      {outlineOf(declaration, language).map((line) => (
        <li key={line.place} style={{ paddingInlineStart: `${line.depth * 1.5}rem` }}>
          <span className="muted small">
            <T id={`records.documents.block.${line.block}`} />
          </span>{' '}
          {line.text}
        </li>
      ))}
    </ol>
  );
}

function Versions({ of }: { of: Opened }) {
  if (!of.versions.length) return null;
  return (
    <>
      <h2>
        <T id="records.documents.versions" />
      </h2>
      <ul className="plain-list">
        {of.versions.map((v) => (
          <li key={v.version}>
            <Num of={v.version} /> · <Moment at={v.at} /> · <bdi>{v.who.name}</bdi> <span className="muted">{v.source}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Page({ opened, etag }: { opened: Opened; etag: string }) {
  const t = useT();
  const label = useLabel();
  const [editing, setEditing] = useState(false);
  useActions({ 'records.edit': opened.editable && !editing ? () => setEditing(true) : undefined });
  return (
    <div className="pane fill">
      <div className="pane-h">
        <Link to="/templates">
          <T id="records.documents.templates" />
        </Link>
        <h1>{label(opened.label)}</h1>
        <Code>{opened.template}</Code>
        <Label isCompact variant="outline" status={opened.ratified ? 'success' : 'warning'}>
          <T id={opened.ratified ? 'records.documents.ratified' : 'records.documents.default'} />
        </Label>
        <span className="grow" />
        {opened.editable && !editing && (
          <Button size="sm" onClick={() => setEditing(true)}>
            <T id="records.page.edit" />
          </Button>
        )}
      </div>
      <div className="scroll pad" tabIndex={0} role="region" aria-label={t('records.documents.template')}>
        <p className="muted below">
          <T id="records.documents.of" values={{ version: opened.version, source: opened.source }} />
        </p>
        {opened.wrong && <Alert variant="warning" isInline className="below" title={t('records.documents.unfit', { why: opened.wrong })} />}
        {editing ? (
          <TemplateEditor opened={opened} etag={etag} onDone={() => setEditing(false)} />
        ) : (
          <>
            <h2>
              <T id="records.documents.outline" />
            </h2>
            <Outline declaration={opened.declaration} />
            <Versions of={opened} />
          </>
        )}
      </div>
    </div>
  );
}

export default function TemplatePage() {
  const { name } = useParams({ strict: false }) as { name: string };
  const one = useQuery({ queryKey: ['templates', 'one', name], queryFn: ({ signal }) => templates.one(name, signal), staleTime: 60_000 });
  return <Loaded query={one}>{({ data, etag }) => <Page key={name} opened={data} etag={etag} />}</Loaded>;
}
