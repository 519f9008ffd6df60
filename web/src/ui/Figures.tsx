// Figures by line and column, under a title. Titles and columns are ids of messages.
import type { ReactNode } from 'react';
import { T } from './i18n';
import './figures.css';

type Props = {
  title: string;
  columns: string[]; // the first heads the lines
  rows: { key: string; head: ReactNode; cells: ReactNode[] }[];
};

export function Figures({ title, columns, rows }: Props) {
  if (rows.length === 0) return null;
  return (
    <div className="figures">
      <table className="dt">
        <caption>
          <T id={title} />
        </caption>
        <thead>
          <tr>
            {columns.map((id, i) => (
              <th key={id} scope="col" className={i > 0 ? 'end' : undefined}>
                <T id={id} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((r) => (
            <tr key={r.key}>
              <th scope="row">{r.head}</th>
              {r.cells.map((cell, i) => (
                <td key={columns[i + 1]} className="end num">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
