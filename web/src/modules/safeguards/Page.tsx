import type { ReactNode } from 'react';
import { T, useT } from '../../ui/i18n';

// A page of one list: its title, what can be done, and the list.
export function ListPage({ title, tools, children }: { title: string; tools?: ReactNode; children: ReactNode }) {
  const t = useT();
  return (
    <div className="pane fill">
      <div className="pane-h">
        <h1>
          <T id={title} />
        </h1>
        <span className="grow" />
        {tools}
      </div>
      <section className="scroll pad" tabIndex={0} aria-label={t(title)}>
        {children}
      </section>
    </div>
  );
}

// `columns`: message ids of the headings.
export function Table({ columns, children }: { columns: readonly string[]; children: ReactNode }) {
  return (
    <table className="dt">
      <thead>
        <tr>
          {columns.map((c) => (
            <th key={c} scope="col">
              <T id={c} />
            </th>
          ))}
          <th scope="col">
            <span className="sr">
              <T id="safeguards.acts" />
            </span>
          </th>
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

export const None = ({ id }: { id: string }) => (
  <p className="muted">
    <T id={id} />
  </p>
);
