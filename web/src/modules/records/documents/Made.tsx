// What is made of a template: looked at, or taken as a file. Each is told to the ledger, so nothing is asked for before it is wanted.
import { Button } from '@patternfly/react-core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useIntl } from 'react-intl';
import { templates, type Asked, type TemplateRow } from '../../../api/templates';
import { ProblemAlert } from '../../../app/problem';
import { T } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { save } from '../../../ui/save';
import { DocumentView } from './DocumentView';

const FORMATS = ['pdf', 'docx'] as const;

export function Made({ asked, disabled = false }: { asked: Asked; disabled?: boolean }) {
  const look = useMutation({ mutationFn: () => templates.preview(asked) });
  const file = useMutation({ mutationFn: (format: string) => templates.file(asked, format), onSuccess: ({ blob, name }) => save(blob, name) });
  const busy = disabled || look.isPending || file.isPending;
  const error = look.error ?? file.error;
  return (
    <>
      <div className="document-choices">
        <Button variant="secondary" isDisabled={busy} onClick={() => look.mutate()}>
          <T id="records.documents.look" />
        </Button>
        {FORMATS.map((format) => (
          <Button key={format} variant="secondary" isDisabled={busy} onClick={() => file.mutate(format)}>
            {format.toUpperCase()}
          </Button>
        ))}
      </div>
      {error && <ProblemAlert error={error} />}
      {look.data && <DocumentView document={look.data} />}
    </>
  );
}

type TemplateProps = { id: string; all: readonly TemplateRow[]; value: string; onChange: (name: string) => void; children?: ReactNode };

export function TemplateChoice({ id, all, value, onChange, children }: TemplateProps) {
  const label = useLabel();
  return (
    <span>
      <label className="label" htmlFor={id}>
        <T id="records.documents.template" />
      </label>
      <select id={id} className="f-in" value={value} onChange={(e) => onChange(e.target.value)}>
        {all.map((x) => (
          <option key={x.template} value={x.template}>
            {label(x.label)}
          </option>
        ))}
        {children}
      </select>
    </span>
  );
}

export const useReadersLanguage = () => (useIntl().locale.startsWith('fr') ? 'fr' : 'en');

type LanguageProps = { id: string; value: string; onChange: (language: string) => void };

// A document has the language of who reads it, which need not be that of who makes it.
export function LanguageChoice({ id, value, onChange }: LanguageProps) {
  return (
    <span>
      <label className="label" htmlFor={id}>
        <T id="records.documents.language" />
      </label>
      <select id={id} className="f-in" value={value} onChange={(e) => onChange(e.target.value)}>
        <option value="en" lang="en">
          English
        </option>
        <option value="fr" lang="fr">
          Français
        </option>
      </select>
    </span>
  );
}
