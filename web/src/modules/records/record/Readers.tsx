import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { isProblem } from '../../../api/client';
import { records } from '../../../api/records';
import { Loading, ProblemAlert } from '../../../app/problem';
import type { Kind } from '../../../api/kinds';
import { T, useT, useWord } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { useStateName } from '../data';
import { fieldNamed } from '../declare/condition';
import { Moment } from '../../../ui/Words';

// The ledger's detail is data: the fields that it names are said by their labels, the rest is told by the act.
function useDetail(kind: Kind): (detail: string) => string {
  const t = useT();
  const label = useLabel();
  const stateName = useStateName(kind);
  return (text) => {
    let told: Record<string, unknown>;
    try {
      told = JSON.parse(text) as Record<string, unknown>;
    } catch {
      return text;
    }
    const names = (list: unknown) => (Array.isArray(list) ? list : []).map((f) => label(fieldNamed(kind, String(f))) || String(f)).join(', ');
    const { version, state, sensitive, field, fields, reason } = told;
    return [
      typeof version === 'number' ? t('records.history.version', { n: version }) : '',
      typeof state === 'string' ? stateName(state) : '',
      names(sensitive ?? (field ? [field] : fields)),
      typeof reason === 'string' ? reason : '',
    ]
      .filter(Boolean)
      .join(' · ');
  };
}

// Who has seen this, out of the ledger: for who made the record, and who may read the ledger.
export function Readers({ kind, code }: { kind: Kind; code: string }) {
  const word = useWord();
  const [open, setOpen] = useState(false);
  const readers = useQuery({ queryKey: ['record', code, 'readers'], queryFn: ({ signal }) => records.readers(code, signal), enabled: open, retry: false });
  const detail = useDetail(kind);
  const shut = isProblem(readers.error, 404) || isProblem(readers.error, 403);
  return (
    <details className="card below" open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>
        <h2>
          <T id="records.readers.title" />
        </h2>
      </summary>
      {open && readers.isPending && <Loading />}
      {shut && (
        <p className="muted">
          <T id="records.readers.shut" />
        </p>
      )}
      {readers.error && !shut && <ProblemAlert error={readers.error} />}
      {readers.data && (
        <table className="dt">
          <thead>
            <tr>
              {(['at', 'who', 'act', 'detail'] as const).map((c) => (
                <th key={c} scope="col">
                  <T id={`records.readers.${c}`} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {readers.data.rows.map((r) => (
              <tr key={`${r.at} ${r.act} ${r.detail}`}>
                <td>
                  <Moment at={r.at} />
                </td>
                <td>
                  <bdi>{typeof r.who === 'string' ? r.who : r.who.name}</bdi>
                </td>
                <td>{word('records.act', r.act)}</td>
                <td className="wrap" dir="auto">
                  {detail(r.detail)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}
