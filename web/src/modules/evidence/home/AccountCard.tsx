import type { Account } from '../../../api/types';
import { T, useT } from '../../../ui/i18n';
import { Bytes, Num } from '../../../ui/Words';

const PARTS = ['extracted', 'failed', 'skipped', 'pending'] as const;

// Expected = extracted + failed + skipped; what is still to come while processing is shown, not hidden.
export function AccountCard({ account, bytes }: { account: Account; bytes: number }) {
  const t = useT();
  const pending = account.expected - account.extracted - account.failed - account.skipped;
  const counts = { ...account, pending };
  const parts = PARTS.filter((p) => p !== 'pending' || pending !== 0);
  return (
    <section className="card" aria-label={t('evidence.account.title')}>
      <header className="card-h">
        <h2>
          <T id="evidence.account.title" />
        </h2>
        <span className="grow" />
        <span className="muted num">
          <Bytes of={bytes} />
        </span>
      </header>
      <div className="stack" aria-hidden="true">
        {parts.map((p) => (
          <span key={p} className={`stack-part ${p}`} style={{ flexGrow: Math.max(0, counts[p]) }} />
        ))}
      </div>
      <table className="dt sums">
        <tbody>
          {parts.map((p) => (
            <tr key={p}>
              <th scope="row">
                <span className={`swatch ${p}`} aria-hidden="true" /> <T id={`evidence.account.${p}`} />
              </th>
              <td className="end">
                <Num of={counts[p]} />
              </td>
            </tr>
          ))}
          <tr className="sum">
            <th scope="row">
              <T id="evidence.account.expected" />
            </th>
            <td className="end">
              <Num of={account.expected} />
            </td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}
