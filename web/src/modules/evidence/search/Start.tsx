import type { ReactNode } from 'react';
import { T } from '../../../ui/i18n';

const EXAMPLES = [
  ['*', 'everything'],
  ['village', 'word'],
  ['=massacre', 'exact'],
  ['"war crimes"', 'phrase'],
  ['convoi NEAR/5 pont', 'near'],
  ['milosevic~1', 'fuzzy'],
  ['from:ministry date:2019-03..2020', 'field'],
  ['type:pdf lang:ar', 'type'],
  ['has:finding', 'has'],
] as const;

// Before the first query: what can be asked, each line ready to be run.
export function Start({ gone, onPick, children }: { gone: boolean; onPick: (query: string) => void; children?: ReactNode }) {
  return (
    <div className="scroll pad start" tabIndex={-1}>
      {gone && (
        <p className="below" role="status">
          <T id="evidence.search.gone" />
        </p>
      )}
      {children}
      <h2>
        <T id="evidence.start.title" />
      </h2>
      <table className="dt">
        <tbody>
          {EXAMPLES.map(([query, id]) => (
            <tr key={id}>
              <td className="nowrap">
                <button type="button" className="plain-link mono" onClick={() => onPick(query)}>
                  <bdi dir="ltr">{query}</bdi>
                </button>
              </td>
              <td>
                <T id={`evidence.start.${id}`} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
