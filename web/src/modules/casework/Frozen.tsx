// What a review voted on: the hash of the frozen matrix, and which levels are others by now.
import { Link } from '@tanstack/react-router';
import type { Matrix } from '../../api/proof';
import { Copyable } from '../../ui/Copyable';
import { T, useT } from '../../ui/i18n';
import { visible } from '../../ui/text';
import { Code } from '../../ui/Words';
import { useWords } from './words';

export function Frozen({ matrix, frozen }: { matrix: Matrix; frozen: NonNullable<Matrix['frozen']> }) {
  const t = useT();
  const { word } = useWords(matrix);
  const level = (code: string | null) => (code === null ? t('casework.proof.notRated') : word('proof_rating', code));
  return (
    <section className="card wide below" aria-labelledby="frozen">
      <h2 id="frozen">
        <T id="casework.frozen.title" />{' '}
        <Link to="/record/$code" params={{ code: frozen.review }} search={{}}>
          <Code>{frozen.review}</Code> <bdi>{visible(frozen.title)}</bdi>
        </Link>
      </h2>
      <p className={frozen.holds ? 'small' : 'danger'}>
        <T id={frozen.holds ? 'casework.frozen.holds' : 'casework.frozen.broken'} />
      </p>
      <Copyable text={frozen.hash} label={t('casework.frozen.hash')} />
      <p className="small">
        <T id="casework.frozen.since" values={{ n: frozen.since.length }} />
      </p>
      {frozen.since.length > 0 && (
        <ul className="small">
          {frozen.since.map((s) => (
            <li key={`${s.count} ${s.element}`}>
              <Code>{s.count}</Code> {s.element && <Code>{s.element}</Code>} <T id="casework.frozen.change" values={{ then: level(s.then), now: level(s.now) }} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
