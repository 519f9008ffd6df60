import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { vocabularies } from '../../../api/records';
import { Loaded } from '../../../app/problem';
import { T } from '../../../ui/i18n';
import { Moment, Num } from '../../../ui/Words';
import { VOCABULARIES } from '../data';

export function Versions({ name, version }: { name: string; version: number }) {
  const [open, setOpen] = useState(false);
  const all = useQuery({ queryKey: [...VOCABULARIES, name, 'versions', version], queryFn: ({ signal }) => vocabularies.versions(name, signal), enabled: open });
  return (
    <details className="card gap" open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>
        <h2>
          <T id="records.vocabulary.versions" />
        </h2>
      </summary>
      {open && (
        <Loaded query={all}>
          {({ versions }) => (
            <table className="dt">
              <tbody>
                {versions.map((v) => (
                  <tr key={v.version}>
                    <th scope="row">
                      <Num of={v.version} />
                    </th>
                    <td>{v.at && <Moment at={v.at} />}</td>
                    <td>
                      <bdi>{typeof v.who === 'string' ? v.who : v.who?.name}</bdi>
                    </td>
                    <td className="wrap muted">{v.source}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </Loaded>
      )}
    </details>
  );
}
