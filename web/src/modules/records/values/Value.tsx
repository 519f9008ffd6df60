// A value of a record on its page: references lead on, tables are tables, long text keeps its lines.
import { Link } from '@tanstack/react-router';
import type { Field, Kind } from '../../../api/kinds';
import { useMay } from '../../../app/session';
import { T } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { SmallMap } from '../../../ui/map/SmallMap';
import { Code } from '../../../ui/Words';
import { visible } from '../../../ui/text';
import { isFilled } from '../declare/condition';
import { useValueText, type Names } from './text';

type Props = { kind: Kind; field: Field; value: unknown; names: Names };

export const RecordRef = ({ code, title }: { code: string; title: string | undefined }) =>
  title === undefined ? (
    <Code>{code}</Code>
  ) : (
    <Link to="/record/$code" params={{ code }}>
      <Code>{code}</Code> <bdi>{title}</bdi>
    </Link>
  );

// Items are cited as "<case>-<number>".
function ItemRef({ id }: { id: string }) {
  const caseId = id.slice(0, id.lastIndexOf('-'));
  if (!caseId) return <Code>{id}</Code>;
  return (
    <Link to="/cases/$case/items/$item" params={{ case: caseId, item: id }} search={{}}>
      <Code>{id}</Code>
    </Link>
  );
}

// Who keeps the identity register goes on to it from here; for all others the code is all there is.
function PersonCode({ code }: { code: string }) {
  const may = useMay();
  if (!may('identity')) return <Code>{code}</Code>;
  return (
    <Link to={'/identity' as never} state={((before: object) => ({ ...before, personCode: code })) as never}>
      <Code>{code}</Code>
    </Link>
  );
}

function Lines({ kind, field, value, names }: Props) {
  const label = useLabel();
  const text = useValueText(kind, names);
  const columns = (field.columns ?? []).filter((c) => !c.retired);
  return (
    <table className="dt">
      <thead>
        <tr>
          {columns.map((c) => (
            <th key={c.name} scope="col">
              {label(c)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {(value as Record<string, unknown>[]).map((line, i) => (
          // oxlint-disable-next-line react/no-array-index-key -- a line is known by its place only
          <tr key={i}>
            {columns.map((c) => (
              <td key={c.name} className="wrap" dir="auto">
                {text(c, line[c.name])}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Value({ kind, field, value, names }: Props) {
  const text = useValueText(kind, names);
  if (!isFilled(value)) {
    return (
      <span className="muted">
        <T id="records.value.none" />
      </span>
    );
  }
  if (field.type === 'rows') return <Lines kind={kind} field={field} value={value} names={names} />;
  const many = Array.isArray(value) ? (value as unknown[]) : [value];
  if (field.type === 'reference' || field.type === 'items') {
    return (
      <ul className="plain-list">
        {many.map((code) => (
          <li key={String(code)}>{field.type === 'items' ? <ItemRef id={String(code)} /> : <RecordRef code={String(code)} title={names[String(code)]} />}</li>
        ))}
      </ul>
    );
  }
  if (field.type === 'long') {
    return (
      <div className="long" dir="auto">
        {String(value)
          .split('\n')
          .map(visible)
          .join('\n')}
      </div>
    );
  }
  if (field.type === 'place') {
    const place = value as { lat?: number; lon?: number; radius_m?: number };
    return (
      <>
        <bdi>{visible(text(field, value))}</bdi> {typeof place.lat === 'number' && <SmallMap lat={place.lat} lon={place.lon} radius={place.radius_m} />}
      </>
    );
  }
  if (field.type === 'person') return <PersonCode code={String(value)} />;
  return <bdi>{visible(text(field, value))}</bdi>;
}
