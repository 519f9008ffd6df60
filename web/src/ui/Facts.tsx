import { Fragment, type ReactNode } from 'react';

export type Fact = [label: ReactNode, value: ReactNode];

// Label and value in two columns; what has no value is not shown.
export function Facts({ rows }: { rows: (Fact | false | null | undefined)[] }) {
  return (
    <dl className="facts">
      {rows.map((row, i) =>
        row ? (
          <Fragment key={i}>
            <dt>{row[0]}</dt>
            <dd>{row[1]}</dd>
          </Fragment>
        ) : null,
      )}
    </dl>
  );
}
