import { useNavigate, useSearch } from '@tanstack/react-router';
import { Alert, Button } from '@patternfly/react-core';
import { lazy, Suspense, useRef, useState } from 'react';
import { useActions } from '../../../app/actions';
import { Loaded } from '../../../app/problem';
import { useMay } from '../../../app/session';
import type { Item } from '../../../api/types';
import { T, useT } from '../../../ui/i18n';
import { fileName } from '../../../ui/text';
import { Name } from '../../../ui/Words';
import { Link } from '@tanstack/react-router';
import { useCaseId, useItem, useItemId } from '../data';
import { CustodyActs } from '../custody/CustodyActs';
import { NotesPanel, useNotes } from '../notes/NotesPanel';
import { placeNow, type Place } from '../proof/place';
import { useReading } from '../text/useReading';
import { ItemView } from '../view/ItemView';
import type { Anchor } from '../view/PageView';
import { CustodyRecord } from './Custody';
import { Download } from './Download';
import { Family } from './Family';
import { Filed } from './Filed';
import { ItemHead } from './ItemHead';
import { DerivedList, DuplicateList, FieldList, FindingList, ThreadList } from './Sections';
import './item.css';

const ProofForm = lazy(() => import('../proof/ProofForm'));

function Reader({ item, caseId, search }: { item: Item; caseId: string; search: string | undefined }) {
  const t = useT();
  const navigate = useNavigate();
  const may = useMay();
  const region = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const [anchor, setAnchor] = useState<Anchor | null>(null);
  const reading = useReading(item.id, search, 1);
  const notes = useNotes(item.id).data?.notes ?? [];
  const [proving, setProving] = useState<Place | null>(null);
  const [linked, setLinked] = useState('');
  const prove = () => setProving(placeNow(reading.page, anchor));
  const draw = (drawn: Anchor | null) => {
    setAnchor(drawn);
    if (drawn) field.current?.focus();
  };
  useActions({
    'item.note': () => field.current?.focus(),
    'item.proof': prove,
    'list.read': () => region.current?.focus(),
    back: () => void navigate({ to: '/cases/$case/search', params: { case: caseId }, search: search ? { s: search } : {} }),
  });
  const links = { caseId, search };
  return (
    <div className="pane fill">
      <div className="pane-h">
        <h1 className="wrap">
          <Name of={item.title ?? fileName(item.path)} />
        </h1>
        <span className="grow" />
        {search && (
          <Link to="/cases/$case/search" params={{ case: caseId }} search={{ s: search }}>
            <T id="evidence.item.back" />
          </Link>
        )}
        <CustodyActs caseId={caseId} scope={{ items: [item.id] }} n={1} />
        <Button variant="secondary" size="sm" onClick={prove}>
          <T id="evidence.proof.button" />
        </Button>
        <Download item={item} />
      </div>
      {linked && <Alert isInline isPlain variant="success" title={t('evidence.proof.done', { code: linked })} />}
      {proving && (
        <Suspense fallback={null}>
          <ProofForm
            caseId={caseId}
            itemId={item.id}
            at={proving}
            onClose={(code) => {
              setProving(null);
              if (code) setLinked(code);
            }}
          />
        </Suspense>
      )}
      <div className="item">
        <section className="pane item-read" aria-label={t('evidence.text.region')}>
          <div className="item-head">
            <ItemHead item={item} />
            <CustodyRecord itemId={item.id} />
          </div>
          <ItemView item={item} search={search} reading={reading} region={region} notes={notes} anchor={anchor} onAnchor={may('evidence.tag') ? draw : undefined} />
        </section>
        <section className="scroll item-side" tabIndex={0} aria-label={t('evidence.item.about')}>
          <FindingList item={item} />
          <Filed item={item} caseId={caseId} />
          <NotesPanel itemId={item.id} anchor={anchor} onAnchor={setAnchor} onPage={reading.toPage} field={field} />
          <FieldList item={item} />
          <Family item={item} {...links} />
          <ThreadList item={item} {...links} />
          <DuplicateList item={item} {...links} />
          <DerivedList item={item} />
        </section>
      </div>
    </div>
  );
}

export default function ItemPage() {
  const caseId = useCaseId();
  const itemId = useItemId();
  const { s } = useSearch({ strict: false }) as { s?: string };
  return <Loaded query={useItem(itemId)}>{(item) => <Reader key={`${item.id} ${s}`} item={item} caseId={caseId} search={s} />}</Loaded>;
}
