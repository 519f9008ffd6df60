import type { Hit } from '../../../api/types';
import { Highlight } from '../../../ui/Highlight';
import { T } from '../../../ui/i18n';
import { fileName, plain, visible } from '../../../ui/text';
import { useTypeWord } from '../typeWord';
import { Bytes, Code, EvidenceDate, Name } from '../../../ui/Words';

function Title({ hit }: { hit: Hit }) {
  const title = hit.title.trim();
  // A title keeps its hit marks; anything that turns its direction is shown by its number.
  if (!plain(title)) return <Name of={fileName(hit.path)} />;
  return (
    <bdi>
      <Highlight text={visible(plain(title)) === plain(title) ? title : visible(title)} />
    </bdi>
  );
}

export function ResultRow({ hit, ticked }: { hit: Hit; ticked: boolean }) {
  const typeWord = useTypeWord();
  return (
    <>
      <span className={ticked ? 'box ticked' : 'box'} data-box aria-hidden="true">
        {ticked && <span>✓</span>}
      </span>
      <div className="hit-main">
        <div className="hit-1">
          <strong className="hit-title">
            <Title hit={hit} />
          </strong>
          <span className="tag">{typeWord(hit.type)}</span>
          <span className="grow" />
          {hit.date && <EvidenceDate of={hit.date} />}
        </div>
        <div className="hit-2" dir="auto">
          <Highlight text={hit.snippet} />
        </div>
        <div className="hit-3 muted">
          {hit.code && (
            <>
              <Code>{hit.code}</Code> ·{' '}
            </>
          )}
          <span className="hit-path mono">
            <Name of={hit.path} />
          </span>
          <span className="grow" />
          {(hit.family_hits ?? 0) > 1 && (
            <span className="tag">
              <T id="evidence.search.family" values={{ n: hit.family_hits ?? 0 }} />
            </span>
          )}
          <span className="num nowrap">
            {hit.matches > 0 && (
              <>
                <T id="evidence.search.matches" values={{ n: hit.matches }} /> ·{' '}
              </>
            )}
            <Bytes of={hit.size} />
          </span>
        </div>
      </div>
    </>
  );
}
