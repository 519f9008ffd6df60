import { Button, TextInput } from '@patternfly/react-core';
import { useRef, useState } from 'react';
import { NumberField } from '../../../ui/fields/Text';
import { T, useT, useWord } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { Code } from '../../../ui/Words';
import { newLine, wrongOf, type Line } from './edit';

// Members of codes that are numbers, such as the days of a time limit, are columns of their own.
const numbersOf = (lines: readonly Line[]) => [...new Set(lines.flatMap((l) => Object.entries(l).flatMap(([name, v]) => (typeof v === 'number' && name !== 'key' ? [name] : []))))];
const numberOf = (line: Line, name: string) => (line as unknown as Record<string, unknown>)[name];

const SHOWN = 100; // lines of inputs that a page bears

type Props = { lines: Line[]; editing: boolean; onChange: (lines: Line[]) => void };

function EditRow({ line, lines, numbers, n, put, drop }: { line: Line; lines: Line[]; numbers: string[]; n: number; put: (line: Line) => void; drop: () => void }) {
  const t = useT();
  const word = useWord();
  const wrong = wrongOf(line, lines);
  const input = (name: string, value: string, change: (v: string) => void) => (
    <TextInput value={value} dir="auto" aria-label={t('ui.rows.cell', { column: t(`records.vocabulary.${name}`), n })} aria-describedby={wrong ? `code-wrong-${line.key}` : undefined} onChange={(_, v) => change(v)} autoComplete="off" />
  );
  const note = line.note ?? { en: '', fr: '' };
  return (
    <>
      <tr>
        <td className="code-cell">{input('code', line.code, (code) => put({ ...line, code }))}</td>
        <td>{input('en', line.en, (en) => put({ ...line, en }))}</td>
        <td>{input('fr', line.fr, (fr) => put({ ...line, fr }))}</td>
        {numbers.map((name) => (
          <td key={name} className="number-cell">
            <NumberField id={`number-${line.key}-${name}`} whole={false} label={t('ui.rows.cell', { column: word('records.vocabulary', name), n })} value={numberOf(line, name) ?? null} onChange={(v) => put({ ...line, [name]: v })} />
          </td>
        ))}
        <td>{input('noteEn', note.en, (en) => put({ ...line, note: { ...note, en } }))}</td>
        <td>{input('noteFr', note.fr, (fr) => put({ ...line, note: { ...note, fr } }))}</td>
        <td>
          <input type="checkbox" checked={line.retired ?? false} onChange={(e) => put({ ...line, retired: e.target.checked })} aria-label={t('ui.rows.cell', { column: t('records.vocabulary.retired'), n })} />
        </td>
        <td className="end">
          <button type="button" className="f-drop" onClick={drop} aria-label={t('ui.rows.drop', { n: String(n) })}>
            ×
          </button>
        </td>
      </tr>
      {wrong && (
        <tr>
          <td colSpan={7 + numbers.length} id={`code-wrong-${line.key}`} className="wrong small">
            <T id={wrong} />
          </td>
        </tr>
      )}
    </>
  );
}

// The codes as a table, read or filled in. A code that is in use is retired, not dropped.
export function CodeTable({ lines, editing, onChange }: Props) {
  const label = useLabel();
  const word = useWord();
  const t = useT();
  const numbers = numbersOf(lines);
  const [words, setWords] = useState('');
  const [ceiling, setCeiling] = useState(SHOWN);
  const w = words.trim().toLowerCase();
  const fitting = lines.map((line, i) => ({ line, n: i + 1 })).filter(({ line }) => !w || [line.code, line.en, line.fr].some((x) => x.toLowerCase().includes(w)));
  const shown = editing ? fitting.slice(-ceiling) : fitting.slice(0, ceiling);
  const table = useRef<HTMLTableElement>(null);
  const add = () => {
    setWords('');
    onChange([...lines, newLine()]);
    setTimeout(() => [...(table.current?.querySelectorAll<HTMLElement>('.code-cell input') ?? [])].at(-1)?.focus());
  };
  const columns = editing ? ['code', 'en', 'fr', ...numbers, 'noteEn', 'noteFr', 'retired'] : ['code', 'en', 'fr', ...numbers, 'note', 'retired'];
  return (
    <>
      {lines.length > SHOWN && (
        <div className="f-line below">
          <TextInput type="search" className="f-date" value={words} onChange={(_, v) => setWords(v)} aria-label={t('records.vocabulary.find')} placeholder={t('records.vocabulary.find')} autoComplete="off" />
          <span role="status" className="muted num">
            <T id="records.vocabulary.shown" values={{ shown: shown.length, n: lines.length }} />
          </span>
          {shown.length < fitting.length && (
            <Button variant="link" isInline onClick={() => setCeiling(ceiling + SHOWN)}>
              <T id="records.find.more" />
            </Button>
          )}
        </div>
      )}
      <table className={editing ? 'dt f-table' : 'dt'} ref={table}>
        <thead>
          <tr>
            {columns.map((c) => (
              <th key={c} scope="col">
                {word('records.vocabulary', c)}
              </th>
            ))}
            {editing && (
              <th scope="col">
                <span className="sr">
                  <T id="ui.rows.drop" values={{ n: '' }} />
                </span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {shown.map(({ line, n }) =>
            editing ? (
              <EditRow key={line.key} line={line} lines={lines} numbers={numbers} n={n} put={(next) => onChange(lines.map((l) => (l.key === line.key ? next : l)))} drop={() => onChange(lines.filter((l) => l.key !== line.key))} />
            ) : (
              <tr key={line.code}>
                <th scope="row">
                  <Code>{line.code}</Code>
                </th>
                <td lang="en">{line.en}</td>
                <td lang="fr">{line.fr}</td>
                {numbers.map((name) => (
                  <td key={name} className="num">
                    {String(numberOf(line, name) ?? '')}
                  </td>
                ))}
                <td className="wrap muted">{label(line.note)}</td>
                <td>{line.retired && <T id="records.vocabulary.isRetired" />}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
      {editing && (
        <Button variant="secondary" size="sm" className="above" onClick={add}>
          <T id="records.vocabulary.add" />
        </Button>
      )}
    </>
  );
}
