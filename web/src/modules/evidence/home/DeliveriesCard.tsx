import type { Delivery } from '../../../api/types';
import { T, useT } from '../../../ui/i18n';
import { Moment, Num } from '../../../ui/Words';

const COLUMNS = ['received', 'source', 'collector', 'note'] as const;

// What came in, when, from whom and by whom.
export function DeliveriesCard({ deliveries }: { deliveries: Delivery[] }) {
  const t = useT();
  return (
    <section className="card wide" aria-label={t('evidence.deliveries.title')}>
      <h2>
        <T id="evidence.deliveries.title" />
      </h2>
      {deliveries.length === 0 ? (
        <p className="muted">
          <T id="evidence.deliveries.none" />
        </p>
      ) : (
        <table className="dt">
          <thead>
            <tr>
              {COLUMNS.map((c) => (
                <th key={c} scope="col">
                  <T id={`evidence.deliveries.${c}`} />
                </th>
              ))}
              <th scope="col" className="end">
                <T id="evidence.case.items" />
              </th>
            </tr>
          </thead>
          <tbody>
            {deliveries.map((d) => (
              <tr key={d.id}>
                <td>
                  <Moment at={d.received} />
                </td>
                <td className="wrap">
                  <bdi>{d.source}</bdi>
                </td>
                <td className="wrap">
                  <bdi>{d.collector}</bdi>
                </td>
                <td className="wrap">
                  <bdi>{d.note}</bdi>
                </td>
                <td className="end">
                  <Num of={d.items} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
