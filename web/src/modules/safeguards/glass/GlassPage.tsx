import { Button } from '@patternfly/react-core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { glasses, type Glass } from '../../../api/rights';
import { useInLanguage } from '../../../app/case/data';
import { useServerEvent } from '../../../app/events';
import { Loaded } from '../../../app/problem';
import { useMay } from '../../../app/session';
import { T, useT } from '../../../ui/i18n';
import { Code, Moment } from '../../../ui/Words';
import { ListPage, None, Table } from '../Page';
import { BreakDialog } from './BreakDialog';
import { ReviewDialog } from './ReviewDialog';

const KEY = ['break-glass'] as const;

function Row({ of, purpose, onReview }: { of: Glass; purpose: string; onReview: () => void }) {
  const t = useT();
  return (
    <tr>
      <td>
        <bdi>{of.person.name}</bdi>
      </td>
      <td>
        <Code>{of.case}</Code>
      </td>
      <td className="wrap">
        {purpose && <div>{purpose}</div>}
        <bdi>{of.reason}</bdi>
      </td>
      <td>
        <Moment at={of.opened} />
        <div className="muted">
          <T id="safeguards.glass.until" /> <Moment at={of.ends} />
        </div>
      </td>
      <td className="wrap">
        <span className={of.state === 'overdue' ? 'danger' : undefined}>{t(`safeguards.glass.state.${of.state}`)}</span>
        {of.review ? (
          <>
            {': '}
            <strong>{t(of.review.justified ? 'safeguards.review.justified' : 'safeguards.review.unjustified')}</strong>
            {' · '}
            <bdi>{of.review.by.name}</bdi>
            <div className="muted">
              <bdi>{of.review.note}</bdi>
            </div>
          </>
        ) : (
          <div className="muted">
            <T id="safeguards.glass.reviewBy" /> <Moment at={of.review_by} />
          </div>
        )}
      </td>
      <td className="end">
        {of.may_review && (
          <Button size="sm" onClick={onReview}>
            <T id="safeguards.glass.review" />
          </Button>
        )}
      </td>
    </tr>
  );
}

// What was opened in an emergency: by whom, why, until when, and what the review found.
export default function GlassPage() {
  const may = useMay();
  const text = useInLanguage();
  const cache = useQueryClient();
  const list = useQuery({ queryKey: KEY, queryFn: ({ signal }) => glasses.all(signal) });
  useServerEvent('alarm', () => void cache.invalidateQueries({ queryKey: KEY }));
  const [reviewing, setReviewing] = useState<Glass | null>(null);
  const [breaking, setBreaking] = useState(false);
  const again = () => void cache.invalidateQueries({ queryKey: KEY });
  return (
    <ListPage
      title="safeguards.glass.title"
      tools={
        may('admin.break_glass') && (
          <Button size="sm" variant="danger" onClick={() => setBreaking(true)}>
            <T id="safeguards.glass.break" />
          </Button>
        )
      }
    >
      <Loaded query={list}>
        {({ break_glass: all, purposes }) => {
          const named = purposes.map((p) => [p.id, text(p.label)] as const);
          return (
            <>
              {all.length === 0 ? (
                <None id="safeguards.glass.none" />
              ) : (
                <Table columns={['safeguards.glass.person', 'safeguards.glass.case', 'safeguards.glass.reason', 'safeguards.glass.opened', 'safeguards.glass.state']}>
                  {all.map((g) => (
                    <Row key={g.id} of={g} purpose={named.find(([id]) => id === g.purpose)?.[1] ?? ''} onReview={() => setReviewing(g)} />
                  ))}
                </Table>
              )}
              {breaking && <BreakDialog purposes={purposes} onClose={() => setBreaking(false)} onDone={again} />}
            </>
          );
        }}
      </Loaded>
      {reviewing && <ReviewDialog glass={reviewing} onClose={() => setReviewing(null)} onDone={again} />}
    </ListPage>
  );
}
