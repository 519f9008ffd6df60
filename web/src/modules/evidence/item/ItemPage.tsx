import { useNavigate, useSearch } from '@tanstack/react-router';
import { useRef } from 'react';
import { useActions } from '../../../app/actions';
import { Loaded } from '../../../app/problem';
import type { Item } from '../../../api/types';
import { T, useT } from '../../../ui/i18n';
import { fileName } from '../../../ui/text';
import { Name } from '../../../ui/Words';
import { Link } from '@tanstack/react-router';
import { useCaseId, useItem, useItemId } from '../data';
import { TextView } from '../text/TextView';
import { CustodyRecord } from './Custody';
import { Download } from './Download';
import { Family } from './Family';
import { ItemHead } from './ItemHead';
import { DerivedList, DuplicateList, FieldList, FindingList, ThreadList } from './Sections';
import './item.css';

function Reader({ item, caseId, search }: { item: Item; caseId: string; search: string | undefined }) {
  const t = useT();
  const navigate = useNavigate();
  const region = useRef<HTMLDivElement>(null);
  useActions({
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
        <Download item={item} />
      </div>
      <div className="item">
        <section className="pane item-read" aria-label={t('evidence.text.region')}>
          <div className="item-head">
            <ItemHead item={item} />
            <CustodyRecord itemId={item.id} />
          </div>
          <TextView item={item} search={search} startPage={1} region={region} />
        </section>
        <section className="scroll item-side" tabIndex={0} aria-label={t('evidence.item.about')}>
          <FindingList item={item} />
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
