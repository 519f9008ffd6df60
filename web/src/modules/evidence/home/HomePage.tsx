import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useServerEvent } from '../../../app/events';
import { Loaded } from '../../../app/problem';
import type { CaseHome, Processing } from '../../../api/types';
import { Bars } from '../../../ui/Bars';
import { useT } from '../../../ui/i18n';
import { useLanguageName } from '../../../ui/Words';
import { CaseHeader } from '../CaseHeader';
import { caseKey, useCase, useCaseId } from '../data';
import { useTypeWord } from '../typeWord';
import { useOpenSearch } from '../useOpenSearch';
import { AccountCard } from './AccountCard';
import { DeliveriesCard } from './DeliveriesCard';
import { FailuresCard } from './FailuresCard';
import { LikenessCard } from './LikenessCard';
import { ProcessingCard } from './ProcessingCard';
import './home.css';

// What the events say of this case while it is processed; at the end the account is read anew, once.
function useProcessing(home: CaseHome): Processing | null {
  const cache = useQueryClient();
  const [live, setLive] = useState<Processing | null>(null);
  useServerEvent('processing', (e) => {
    if (e.case !== home.id) return;
    const ended = e.done >= e.expected;
    setLive(ended ? null : e);
    if (ended) void cache.invalidateQueries({ queryKey: caseKey(home.id) });
  });
  useServerEvent('again', () => {
    setLive(null);
    void cache.invalidateQueries({ queryKey: caseKey(home.id) });
  });
  return live ?? home.processing;
}

function Home({ home }: { home: CaseHome }) {
  const t = useT();
  const typeWord = useTypeWord();
  const languageName = useLanguageName();
  const open = useOpenSearch(home.id);
  const processing = useProcessing(home);
  const years = home.years.toSorted((a, b) => a.value.localeCompare(b.value));
  return (
    <div className="scroll pad cards" tabIndex={-1}>
      {processing && <ProcessingCard processing={processing} />}
      <AccountCard account={home.account} bytes={home.bytes} />
      <FailuresCard caseId={home.id} busy={processing !== null} failures={home.failures} onOpen={() => open({ query: 'has:finding', sort: 'path', facets: {} })} />
      <LikenessCard home={home} onOpen={(query) => open({ query, sort: 'path', facets: {} })} />
      <Bars
        title={t('evidence.home.types')}
        word={t('evidence.facet.type')}
        bars={home.types.map((x) => ({
          key: x.value,
          label: typeWord(x.value),
          count: x.count,
          onOpen: () => open({ query: '*', sort: 'date', facets: { type: [x.value] } }),
        }))}
      />
      <Bars
        title={t('evidence.home.languages')}
        word={t('evidence.facet.language')}
        bars={home.languages.map((x) => ({
          key: x.value,
          label: languageName(x.value),
          count: x.count,
          onOpen: () => open({ query: '*', sort: 'date', facets: { language: [x.value] } }),
        }))}
      />
      <Bars
        title={t('evidence.home.years')}
        word={t('evidence.facet.year')}
        shape="columns"
        bars={years.map((x) => ({ key: x.value, label: x.value, count: x.count }))}
      />
      <DeliveriesCard deliveries={home.deliveries} />
    </div>
  );
}

export default function HomePage() {
  const caseId = useCaseId();
  const query = useCase(caseId);
  return (
    <Loaded query={query}>
      {(home) => (
        <div className="pane fill">
          <CaseHeader caseId={caseId} title="evidence.home.title" />
          <Home home={home} />
        </div>
      )}
    </Loaded>
  );
}
