import { ToggleGroup, ToggleGroupItem, Button } from '@patternfly/react-core';
import { useState, type RefObject } from 'react';
import type { Item } from '../../../api/types';
import type { Note, View } from '../../../api/workspace';
import { useActions } from '../../../app/actions';
import { T, useT } from '../../../ui/i18n';
import { TextPane } from '../text/TextView';
import type { Reading } from '../text/useReading';
import { MediaView } from './MediaView';
import { PageView, type Anchor } from './PageView';
import { TableView } from './TableView';
import './view.css';

// Photographs may show what nobody should meet unprepared: they are drawn when asked for.
const asksFirst = (item: Item) => item.media_type.startsWith('image/');

type Props = {
  item: Item;
  search: string | undefined;
  reading: Reading;
  region: RefObject<HTMLDivElement | null>;
  notes: readonly Note[];
  anchor: Anchor | null;
  onAnchor: ((anchor: Anchor | null) => void) | undefined;
};

// One item, as a picture of its pages, as sound or film, as a table, and always as text. Hits are the same in each.
export function ItemView({ item, search, reading, region, notes, anchor, onAnchor }: Props) {
  const t = useT();
  const views = item.views ?? (['text'] as View[]);
  const [view, setView] = useState<View>(views[0] ?? 'text');
  const [asked, setAsked] = useState(false);
  useActions({ 'view.next': () => setView((v) => views[(views.indexOf(v) + 1) % views.length]!) });
  const curtain = view === 'pages' && asksFirst(item) && !asked;
  return (
    <>
      {views.length > 1 && (
        <div className="view-bar">
          <ToggleGroup isCompact aria-label={t('evidence.view.title')}>
            {views.map((v) => (
              <ToggleGroupItem key={v} buttonId={`view-${v}`} text={t(`evidence.view.${v}`)} isSelected={v === view} onChange={() => setView(v)} />
            ))}
          </ToggleGroup>
          {view === 'pages' && onAnchor && !curtain && (
            <span className="muted small">
              <T id="evidence.pages.draw" />
            </span>
          )}
        </div>
      )}
      {view === 'pages' && (
        <div className="view-both">
          {curtain ? (
            <div className="curtain">
              <p>
                <T id="evidence.pages.curtain" />
              </p>
              <Button variant="secondary" onClick={() => setAsked(true)}>
                <T id="evidence.pages.show" />
              </Button>
            </div>
          ) : (
            <PageView itemId={item.id} search={search} reading={reading} region={region} anchors={notes} anchor={anchor} onAnchor={onAnchor} />
          )}
          <div className="pane view-text">
            <TextPane reading={reading} beside corrects={item.id} />
          </div>
        </div>
      )}
      {(view === 'sound' || view === 'film') && <MediaView item={item} film={view === 'film'} />}
      {view === 'table' && <TableView itemId={item.id} search={search} startPage={1} region={region} />}
      {view === 'text' && <TextPane reading={reading} region={region} corrects={item.id} />}
    </>
  );
}
