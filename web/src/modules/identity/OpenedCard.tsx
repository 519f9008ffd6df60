import { Button } from '@patternfly/react-core';
import { useEffect, useState } from 'react';
import { T, useT } from '../../ui/i18n';
import { visible } from '../../ui/text';
import { Code } from '../../ui/Words';
import type { Contact, Opened, Relative } from './data';

const left = (until: string) => Math.max(0, Math.ceil((Date.parse(until) - Date.now()) / 1000));

// An opened identity and its clock. At the end of its time it is taken off the page; it cannot be printed.
export function OpenedCard({ of, onClose, onOver }: { of: Opened; onClose: () => void; onOver: () => void }) {
  const t = useT();
  const [seconds, setSeconds] = useState(() => left(of.until));
  useEffect(() => {
    const clock = setInterval(() => {
      const now = left(of.until);
      setSeconds(now);
      if (now === 0) {
        clearInterval(clock);
        onOver();
      }
    }, 1000);
    return () => clearInterval(clock);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- one clock for one opening
  }, [of.until]);
  const words = (field: string, said: unknown) => {
    if (!Array.isArray(said)) return [String(said)];
    if (field === 'contacts') return (said as Contact[]).map((c) => `${t(`identity.contact.${c.kind}`)}: ${c.value}`);
    if (field === 'household') return (said as Relative[]).map((r) => [r.name, r.relation, r.born].filter(Boolean).join(', '));
    return said.map(String);
  };
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return (
    <section className="card identity-opened" aria-labelledby="opened-title">
      <div className="card-h">
        <h2 id="opened-title">
          <T id="identity.opened" /> <Code>{of.code}</Code>
        </h2>
        <span className="grow" />
        <span role="timer" aria-label={t('identity.left', { clock })} className="num">
          <bdi dir="ltr">{clock}</bdi>
        </span>
        <Button size="sm" onClick={onClose}>
          <T id="identity.close" />
        </Button>
      </div>
      <dl className="facts">
        {Object.entries(of.fields).map(([field, said]) => (
          <div key={field} className="identity-fact">
            <dt>{t(`identity.field.${field}`)}</dt>
            <dd>
              {words(field, said).map((w, i) => (
                // oxlint-disable-next-line react/no-array-index-key -- a word is known by its place only
                <div key={i}>
                  <bdi>{visible(w)}</bdi>
                </div>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <p className="muted small">
        <T id="identity.opened.for" values={{ who: of.for }} />
      </p>
    </section>
  );
}
