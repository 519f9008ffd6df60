// The links by element, by who says so, by item; and what is missing.
import { useVirtualizer } from '@tanstack/react-virtual';
import { Link } from '@tanstack/react-router';
import { useMemo, useRef } from 'react';
import type { Matrix } from '../../api/proof';
import { T, useT } from '../../ui/i18n';
import { visible } from '../../ui/text';
import { Code, Num } from '../../ui/Words';
import { grouped, placesOf, type Place } from './group';
import { useWords } from './words';

const ROW = 30;

// Any number of links: only those in sight exist.
function Links({ matrix, places, label }: { matrix: Matrix; places: readonly Place[]; label: string }) {
  const t = useT();
  const { word, named } = useWords(matrix);
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: places.length, getScrollElement: () => box.current, estimateSize: () => ROW, overscan: 6 });
  return (
    <div ref={box} className="proof-links" style={{ blockSize: Math.min(places.length, 10) * ROW + 4 }} tabIndex={0} role="region" aria-label={label}>
      <ul className="proof-rows" style={{ blockSize: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((v) => {
          const { link, element, count } = places[v.index]!;
          const item = link.items?.[0];
          return (
            <li key={v.key} className={`proof-link proof-${link.direction ?? 'neutral'}`} style={{ transform: `translateY(${v.start}px)`, blockSize: ROW }} aria-setsize={places.length} aria-posinset={v.index + 1}>
              <Link to="/record/$code" params={{ code: link.code }} search={{}}>
                <Code>{link.code}</Code>
              </Link>{' '}
              {item && (
                <Link to="/cases/$case/items/$item" params={{ case: item.slice(0, item.indexOf('-')), item }} search={{}}>
                  <T id="casework.proof.item" values={{ page: link.page ?? 0 }} />
                </Link>
              )}{' '}
              <span className="tag">{word('direction', link.direction)}</span> <bdi>“{visible(link.quote ?? '')}”</bdi>{' '}
              <span className="muted small">
                {[visible(count.title), named(element), link.source && visible(link.source), word('evidence_type', link.evidence_type), link.reliability !== null && t('casework.proof.reliability', { n: link.reliability }), !link.disclosable && t('casework.gap.depends')].filter(Boolean).join(' · ')}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

export function ByElement({ matrix }: { matrix: Matrix }) {
  const { named, word } = useWords(matrix);
  return matrix.counts.map((count) => (
    <section key={count.code} aria-label={visible(count.title)}>
      <h2 className="proof-count">
        <bdi>{visible(count.title)}</bdi>
      </h2>
      {count.elements.map((element) => (
        <details key={element.code} className="card below" open={element.propositions.length > 0}>
          <summary>
            <bdi>{named(element)}</bdi>{' '}
            <span className="muted small">
              <T id="casework.proof.covered" values={{ n: element.propositions.length, links: element.coverage.links }} />
            </span>
          </summary>
          {element.propositions.map((proposition) => (
            <div key={proposition.code} className="proof-proposition">
              <Link to="/record/$code" params={{ code: proposition.code }} search={{}}>
                <Code>{proposition.code}</Code> <bdi>{visible(proposition.text)}</bdi>
              </Link>{' '}
              <span className="muted small">
                {word('proof_rating', proposition.rating)} {!proposition.searched && <T id="casework.gap.no_exonerating_search" />}
              </span>
              {proposition.links.length > 0 && <Links matrix={matrix} label={visible(proposition.text)} places={proposition.links.map((link) => ({ count, element, proposition, link }))} />}
            </div>
          ))}
        </details>
      ))}
    </section>
  ));
}

export function BySide({ matrix, by }: { matrix: Matrix; by: 'sources' | 'items' }) {
  const t = useT();
  const groups = useMemo(() => grouped(placesOf(matrix), by === 'sources' ? (p) => (p.link.source ? [p.link.source] : []) : (p) => p.link.items ?? []), [matrix, by]);
  if (groups.length === 0)
    return (
      <p className="muted">
        <T id="casework.proof.noLinks" />
      </p>
    );
  return groups.map(([key, places]) => {
    const title = key ? visible(key) : t('casework.proof.noSource');
    return (
      <section key={key} className="card below" aria-label={title}>
        <h2>
          <bdi>{title}</bdi> <Num of={places.length} />
        </h2>
        <Links matrix={matrix} places={places} label={title} />
      </section>
    );
  });
}

export function Gaps({ matrix }: { matrix: Matrix }) {
  const t = useT();
  const { named } = useWords(matrix);
  const rows = matrix.counts.flatMap((count) => count.elements.filter((e) => e.gaps.length > 0).map((element) => ({ count, element, holds: count.weakest.includes(element.code) })));
  const ordered = rows.toSorted((a, b) => Number(b.holds) - Number(a.holds) || b.element.gaps.length - a.element.gaps.length);
  return (
    <table className="dt">
      <caption className="sr">{t('casework.view.gaps')}</caption>
      <thead>
        <tr>
          {(['count', 'element', 'missing'] as const).map((h) => (
            <th key={h} scope="col">
              <T id={`casework.head.${h}`} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {ordered.map(({ count, element, holds }) => (
          <tr key={`${count.code} ${element.code}`}>
            <td>
              <Link to="/record/$code" params={{ code: count.code }} search={{}}>
                <bdi>{visible(count.title)}</bdi>
              </Link>
            </td>
            <td>
              <bdi>{named(element)}</bdi>
              {holds && (
                <strong className="danger small">
                  {' '}
                  <T id="casework.proof.holds" />
                </strong>
              )}
            </td>
            <td>{element.gaps.map((g) => t(`casework.gap.${g}`)).join('; ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
