// Counts drawn as bars, with the same numbers as a table one click away.
import { Button } from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';
import { T, useT } from './i18n';
import { Num } from './Words';
import './bars.css';

export type Bar = { key: string; label: ReactNode; count: number; onOpen?: () => void };

function Row({ bar, most }: { bar: Bar; most: number }) {
  return (
    <li className="bar-row">
      <span className="bar-label">
        {bar.onOpen ? (
          <button type="button" className="plain-link" onClick={bar.onOpen}>
            {bar.label}
          </button>
        ) : (
          bar.label
        )}
      </span>
      <span className="bar-track" aria-hidden="true">
        <span className="bar-fill" style={{ inlineSize: `${(bar.count / most) * 100}%` }} />
      </span>
      <span className="bar-count">
        <Num of={bar.count} />
      </span>
    </li>
  );
}

// Columns for ordered values such as years; the list below the picture is the table.
function Columns({ bars, most, title }: { bars: Bar[]; most: number; title: string }) {
  const t = useT();
  const first = bars[0];
  const last = bars.at(-1);
  return (
    <>
      <div className="columns" role="img" aria-label={t('ui.bars.drawn', { title })}>
        {bars.map((b) => (
          <span key={b.key} className="column" style={{ blockSize: `${(b.count / most) * 100}%` }} />
        ))}
      </div>
      <div className="columns-ends num muted" aria-hidden="true">
        <span>{first?.label}</span>
        <span>{last?.label}</span>
      </div>
    </>
  );
}

function Table({ bars, title, word }: { bars: Bar[]; title: string; word: string }) {
  return (
    <table className="dt">
      <caption className="sr">{title}</caption>
      <thead>
        <tr>
          <th scope="col">{word}</th>
          <th scope="col" className="end">
            <T id="ui.bars.count" />
          </th>
        </tr>
      </thead>
      <tbody>
        {bars.map((b) => (
          <tr key={b.key}>
            <td>{b.label}</td>
            <td className="end">
              <Num of={b.count} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type Props = { title: string; word: string; bars: Bar[]; shape?: 'rows' | 'columns'; ceiling?: number; children?: ReactNode };

export function Bars({ title, word, bars, shape = 'rows', ceiling = 8, children }: Props) {
  const [asTable, setAsTable] = useState(false);
  const most = Math.max(1, ...bars.map((b) => b.count));
  const shown = shape === 'rows' ? bars.slice(0, ceiling) : bars;
  return (
    <section className="card bars" aria-label={title}>
      <header className="card-h">
        <h2>{title}</h2>
        <span className="grow" />
        {bars.length > 0 && (
          <Button variant="link" isInline onClick={() => setAsTable(!asTable)} aria-pressed={asTable}>
            <T id={asTable ? 'ui.bars.draw' : 'ui.bars.table'} />
            <span className="sr">: {title}</span>
          </Button>
        )}
      </header>
      {bars.length === 0 && (
        <p className="muted">
          <T id="ui.none" />
        </p>
      )}
      {asTable && <Table bars={bars} title={title} word={word} />}
      {!asTable && shape === 'columns' && bars.length > 0 && <Columns bars={bars} most={most} title={title} />}
      {!asTable && shape === 'rows' && (
        <ul className="bar-list">
          {shown.map((b) => (
            <Row key={b.key} bar={b} most={most} />
          ))}
        </ul>
      )}
      {!asTable && shown.length < bars.length && (
        <p className="muted small">
          <T id="ui.bars.ceiling" values={{ shown: shown.length, all: bars.length }} />
        </p>
      )}
      {children}
    </section>
  );
}
