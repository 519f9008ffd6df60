// A small table that is filled in: one line a thing, one column a part of it.
import { Button } from '@patternfly/react-core';
import { useRef, type ReactNode } from 'react';
import { T, useT } from '../i18n';

export type RowColumn = { name: string; label: string; required?: boolean };
type Line = Record<string, unknown>;
type Props = {
  id: string;
  columns: readonly RowColumn[];
  value: Line[];
  onChange: (value: Line[]) => void;
  cell: (column: RowColumn, index: number, value: unknown, onChange: (value: unknown) => void, label: string, id: string) => ReactNode;
};

export function RowsField({ id, columns, value, onChange, cell }: Props) {
  const t = useT();
  const table = useRef<HTMLTableElement>(null);
  const put = (index: number, name: string, v: unknown) => onChange(value.map((line, i) => (i === index ? { ...line, [name]: v } : line)));
  const add = () => {
    onChange([...value, {}]);
    setTimeout(() => table.current?.querySelector<HTMLElement>('tbody tr:last-child input, tbody tr:last-child select, tbody tr:last-child textarea')?.focus());
  };
  return (
    <div className="f-rows">
      {value.length > 0 && (
        <table className="dt" ref={table}>
          <thead>
            <tr>
              {columns.map((c) => (
                <th key={c.name} scope="col">
                  {c.label}
                  {c.required && <span aria-hidden="true"> *</span>}
                </th>
              ))}
              <th scope="col">
                <span className="sr">
                  <T id="ui.rows.drop" values={{ n: '' }} />
                </span>
              </th>
            </tr>
          </thead>
          <tbody>
            {value.map((line, i) => (
              // oxlint-disable-next-line react/no-array-index-key -- a line is known by its place only
              <tr key={i}>
                {columns.map((c) => (
                  <td key={c.name}>{cell(c, i, line[c.name], (v) => put(i, c.name, v), t('ui.rows.cell', { column: c.label, n: i + 1 }), `${id}-${i}-${c.name}`)}</td>
                ))}
                <td className="end">
                  <button type="button" className="f-drop" onClick={() => onChange(value.filter((_, k) => k !== i))} aria-label={t('ui.rows.drop', { n: String(i + 1) })}>
                    ×
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Button id={value.length === 0 ? id : undefined} variant="secondary" size="sm" onClick={add}>
        <T id="ui.rows.add" />
      </Button>
    </div>
  );
}
