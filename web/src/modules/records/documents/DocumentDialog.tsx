// The documents that can be made of a record: by a template, or the record as it stands.
import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { records, type Rec } from '../../../api/records';
import { templates, type TemplateRow } from '../../../api/templates';
import { Loaded, ProblemAlert } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { save } from '../../../ui/save';
import { LanguageChoice, Made, TemplateChoice, useReadersLanguage } from './Made';

function AsItStands({ code, language }: { code: string; language: string }) {
  const file = useMutation({ mutationFn: (format: string) => records.document(code, format, language), onSuccess: ({ blob, name }) => save(blob, name) });
  return (
    <>
      <div className="document-choices">
        {['pdf', 'docx'].map((format) => (
          <Button key={format} variant="secondary" isDisabled={file.isPending} onClick={() => file.mutate(format)}>
            {format.toUpperCase()}
          </Button>
        ))}
      </div>
      {file.error && <ProblemAlert error={file.error} />}
    </>
  );
}

function Choices({ record, all }: { record: Rec; all: TemplateRow[] }) {
  const t = useT();
  const [name, setName] = useState(all[0]?.template ?? '');
  const [language, setLanguage] = useState(useReadersLanguage());
  const chosen = all.find((x) => x.template === name);
  return (
    <>
      <div className="document-choices">
        <TemplateChoice id="document-template" all={all} value={name} onChange={setName}>
          <option value="">{t('records.documents.plain')}</option>
        </TemplateChoice>
        <LanguageChoice id="document-language" value={language} onChange={setLanguage} />
      </div>
      {chosen && (
        <p className="muted small below">
          {!chosen.ratified && (
            <>
              <T id="records.documents.default" />
              {' · '}
            </>
          )}
          <T id="records.documents.of" values={{ version: chosen.version, source: chosen.source }} />
        </p>
      )}
      {chosen ? <Made key={`${name} ${language}`} asked={{ template: name, code: record.code, lang: language }} /> : <AsItStands code={record.code} language={language} />}
    </>
  );
}

export default function DocumentDialog({ record, onClose }: { record: Rec; onClose: () => void }) {
  const t = useT();
  const list = useQuery({ queryKey: ['templates', record.kind], queryFn: ({ signal }) => templates.all(record.kind, signal), staleTime: 60_000 });
  return (
    <Modal variant="large" isOpen onClose={onClose} aria-labelledby="documents-title">
      <ModalHeader title={t('records.documents.title')} labelId="documents-title" />
      <ModalBody>
        <Loaded query={list}>{({ templates: all }) => <Choices record={record} all={all.filter((x) => x.usable)} />}</Loaded>
      </ModalBody>
      <ModalFooter>
        <Button variant="link" onClick={onClose}>
          <T id="ui.close" />
        </Button>
      </ModalFooter>
    </Modal>
  );
}
