import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { queries, type Span } from '../../../api/records';
import type { Kind } from '../../../api/kinds';
import { usePrefs } from '../../../app/prefs';
import { Loaded } from '../../../app/problem';
import { useDateWords } from '../../../ui/DateWords';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { Timeline, type TimeSpan } from '../../../ui/timeline/Timeline';
import { fieldNamed } from '../declare/condition';
import { PictureList } from './PictureList';
import { day, isSure } from './spans';

export default function TimeTab({ kind, query }: { kind: Kind; query: string }) {
  const t = useT();
  const label = useLabel();
  const words = useDateWords();
  const { theme } = usePrefs();
  const [selected, setSelected] = useState<number | null>(null);
  const times = useQuery({ queryKey: ['times', query], queryFn: ({ signal }) => queries.times(query, signal), staleTime: 60_000 });
  const given = times.data?.spans;
  const spans = useMemo(() => (given ?? []).toSorted((a: Span, b: Span) => day(a.from, -Infinity) - day(b.from, -Infinity)), [given]);
  const fields = useMemo(() => [...new Set(spans.map((s) => s.field))], [spans]);
  const drawn = useMemo<TimeSpan[]>(
    () => spans.map((s) => ({ from: day(s.from, -Infinity), to: day(s.to, Infinity), sure: isSure(s.value), lane: fields.indexOf(s.field), title: s.title })),
    [spans, fields],
  );
  const lanes = useMemo(() => fields.map((f) => label(fieldNamed(kind, f)) || f), [fields, kind, label]);
  return (
    <Loaded query={times}>
      {({ total, without }) => (
        <div className="picture">
          <section className="pane" aria-label={t('records.tab.time')}>
            <Timeline spans={drawn} lanes={lanes} selected={selected} dark={theme === 'dark'} label={t('records.time.label')} onSelect={setSelected} />
          </section>
          <PictureList
            title={t('records.time.list')}
            status={<T id="records.time.count" values={{ shown: spans.length, total, without }} />}
            rows={spans.map((s) => ({ code: s.code, title: s.title, detail: t('ui.pair', { name: label(fieldNamed(kind, s.field)) || s.field, value: words(s.value) }) }))}
            selected={selected}
            onSelect={setSelected}
          />
        </div>
      )}
    </Loaded>
  );
}
