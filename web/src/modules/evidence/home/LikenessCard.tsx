import type { CaseHome } from '../../../api/types';
import { T, useT } from '../../../ui/i18n';
import { Num } from '../../../ui/Words';

// Duplicates, near-duplicates and threads of a case.
export function LikenessCard({ home, onOpen }: { home: CaseHome; onOpen: (query: string) => void }) {
  const t = useT();
  return (
    <section className="card" aria-label={t('evidence.likeness.title')}>
      <h2>
        <T id="evidence.likeness.title" />
      </h2>
      <table className="dt">
        <tbody>
          <tr>
            <th scope="row">
              <button type="button" className="plain-link" onClick={() => onOpen('has:duplicate')}>
                <T id="evidence.likeness.exact" />
              </button>
            </th>
            <td className="end">
              <Num of={home.duplicates.exact} />
            </td>
          </tr>
          <tr>
            <th scope="row">
              <T id="evidence.likeness.near" />
            </th>
            <td className="end">
              <Num of={home.duplicates.near} />
            </td>
          </tr>
          <tr>
            <th scope="row">
              <T id="evidence.likeness.threads" />
            </th>
            <td className="end">
              <Num of={home.threads} />
            </td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}
