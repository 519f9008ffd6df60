import { Button, TextInput } from '@patternfly/react-core';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { records, type FoundRecord } from '../../../api/records';
import { useActions } from '../../../app/actions';
import { Loading, ProblemAlert } from '../../../app/problem';
import { Highlight } from '../../../ui/Highlight';
import { T, useT } from '../../../ui/i18n';
import { plain, visible } from '../../../ui/text';
import { Code } from '../../../ui/Words';
import { useKind, useKindName, useStateName } from '../data';
import './find.css';

const FIRST = 50;
const MOST = 500;

function Hit({ hit }: { hit: FoundRecord }) {
  const kindName = useKindName();
  const stateName = useStateName(useKind(hit.kind).data);
  return (
    <li className="found">
      <div className="f-line">
        <Link to="/record/$code" params={{ code: hit.code }} search={{}}>
          <Code>{hit.code}</Code> <bdi>{visible(plain(hit.title))}</bdi>
        </Link>
        <span className="muted">{kindName(hit.kind)}</span>
        {hit.state && <span className="tag">{stateName(hit.state)}</span>}
      </div>
      <div dir="auto" className="small wrap">
        <Highlight text={hit.snippet} />
      </div>
    </li>
  );
}

// Words in records of all kinds. What was asked stays in memory: words never stand in an address of a page.
export default function FindPage() {
  const t = useT();
  const cache = useQueryClient();
  const [asked, setAsked] = useState<string>(() => cache.getQueryData(['found-last']) ?? '');
  const [text, setText] = useState(asked);
  const [limit, setLimit] = useState(FIRST);
  const box = useRef<HTMLInputElement>(null);
  useActions({ 'records.box': () => box.current?.focus() });
  const found = useQuery({
    queryKey: ['found', asked, limit],
    queryFn: ({ signal }) => records.search(asked, limit, signal),
    enabled: asked !== '',
    placeholderData: keepPreviousData,
    retry: false,
  });
  return (
    <div className="pane fill">
      <div className="pane-h">
        <h1>
          <T id="records.find.title" />
        </h1>
        <form
          role="search"
          className="find"
          onSubmit={(e) => {
            e.preventDefault();
            const words = text.trim();
            cache.setQueryDefaults(['found-last'], { gcTime: Infinity });
            cache.setQueryData(['found-last'], words);
            setLimit(FIRST);
            setAsked(words);
          }}
        >
          <TextInput ref={box} type="search" dir="auto" value={text} onChange={(_, v) => setText(v)} aria-label={t('records.find.words')} placeholder={t('records.find.words')} autoComplete="off" />
          <Button type="submit" size="sm">
            <T id="records.find.go" />
          </Button>
        </form>
        <span role="status" className="num muted">
          {asked !== '' && found.data && <T id="records.find.count" values={{ n: found.data.total, shown: found.data.hits.length }} />}
        </span>
      </div>
      {found.error && <ProblemAlert error={found.error} />}
      {asked !== '' && found.isPending && <Loading />}
      <section className="scroll pad" tabIndex={0} aria-label={t('records.find.found')}>
        {asked === '' && (
          <p className="muted">
            <T id="records.find.start" />
          </p>
        )}
        {found.data?.total === 0 && (
          <p className="muted">
            <T id="records.list.nothing" />
          </p>
        )}
        <ul className="plain-list">{asked !== '' && found.data?.hits.map((h) => <Hit key={h.code} hit={h} />)}</ul>
        {asked !== '' && found.data && found.data.hits.length < found.data.total && limit < MOST && (
          <Button variant="secondary" size="sm" className="above" onClick={() => setLimit(Math.min(MOST, limit * 2))}>
            <T id="records.find.more" />
          </Button>
        )}
      </section>
    </div>
  );
}
