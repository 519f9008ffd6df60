import { Button, Form, FormGroup, TextInput } from '@patternfly/react-core';
import { useState, type DragEvent, type FormEvent } from 'react';
import { ProblemAlert } from '../../../app/problem';
import { usePerson } from '../../../app/session';
import { T, useT } from '../../../ui/i18n';
import { Bytes } from '../../../ui/Words';
import { fromDrop, fromPicker } from './collect';
import type { Source } from './send';
import { begin } from './store';

const ABOUT = ['source', 'collector', 'note'] as const;
type About = Record<(typeof ABOUT)[number], string>;

function Picker({ id, folder, label, onFiles }: { id: string; folder: boolean; label: string; onFiles: (files: Source[]) => void }) {
  return (
    <label className="picker" htmlFor={id}>
      <span>{label}</span>
      <input
        id={id}
        type="file"
        multiple
        {...(folder ? { webkitdirectory: '' } : {})}
        onChange={(e) => {
          if (e.target.files) onFiles(fromPicker(e.target.files));
          e.target.value = '';
        }}
      />
    </label>
  );
}

function Drop({ onFiles, reading }: { onFiles: (files: Promise<Source[]>) => void; reading: boolean }) {
  const t = useT();
  const [over, setOver] = useState(false);
  const drop = (e: DragEvent) => {
    e.preventDefault();
    setOver(false);
    onFiles(fromDrop(e.dataTransfer.items));
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the buttons inside do the same by keyboard
    <div
      role="group"
      aria-label={t('evidence.upload.drop')}
      className={over ? 'drop over' : 'drop'}
      onDragOver={(e) => {
        e.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <p>
        <T id={reading ? 'evidence.upload.reading' : 'evidence.upload.drop'} />
      </p>
      <div className="pickers">
        <Picker id="pick-folder" folder label={t('evidence.upload.folder')} onFiles={(f) => onFiles(Promise.resolve(f))} />
        <Picker id="pick-files" folder={false} label={t('evidence.upload.files')} onFiles={(f) => onFiles(Promise.resolve(f))} />
      </div>
    </div>
  );
}

// What is to go in, and what is known of it: from whom, taken by whom.
export function Choose({ caseId, busyElsewhere }: { caseId: string; busyElsewhere: boolean }) {
  const { person } = usePerson();
  const [files, setFiles] = useState<readonly Source[]>([]);
  const [about, setAbout] = useState<About>({ source: '', collector: '', note: '' });
  const [reading, setReading] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const take = (found: Promise<Source[]>) => {
    setReading(true);
    found
      .then((more) => setFiles((f) => [...f, ...more]))
      .catch(setError)
      .finally(() => setReading(false));
  };
  const send = (e: FormEvent) => {
    e.preventDefault();
    setBusy(true);
    setError(null);
    begin(person.id, caseId, files, { source: about.source.trim(), collector: about.collector.trim(), note: about.note.trim() })
      .catch(setError)
      .finally(() => setBusy(false));
  };
  const ready = files.length > 0 && about.source.trim() !== '' && about.collector.trim() !== '' && !busy && !reading && !busyElsewhere;
  return (
    <div className="scroll pad" tabIndex={-1}>
      <Form onSubmit={send} className="tight upload-form">
        {error !== null && <ProblemAlert error={error} />}
        {busyElsewhere && (
          <p role="status">
            <T id="evidence.upload.elsewhere" />
          </p>
        )}
        <Drop onFiles={take} reading={reading} />
        <p role="status" className="num">
          <T id="evidence.upload.chosen" values={{ n: files.length, size: <Bytes key="b" of={files.reduce((s, f) => s + f.file.size, 0)} /> }} />{' '}
          {files.length > 0 && (
            <Button variant="link" isInline onClick={() => setFiles([])}>
              <T id="evidence.upload.clear" />
            </Button>
          )}
        </p>
        {ABOUT.map((name) => (
          <FormGroup key={name} label={<T id={`evidence.upload.${name}`} />} fieldId={`upload-${name}`} isRequired={name !== 'note'}>
            <TextInput
              id={`upload-${name}`}
              isRequired={name !== 'note'}
              dir="auto"
              autoComplete="off"
              value={about[name]}
              onChange={(_, v) => setAbout((a) => ({ ...a, [name]: v }))}
            />
          </FormGroup>
        ))}
        <div>
          <Button type="submit" isDisabled={!ready} isLoading={busy}>
            <T id="evidence.upload.begin" />
          </Button>
        </div>
      </Form>
    </div>
  );
}
