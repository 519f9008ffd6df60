import { Alert, Button, Progress } from '@patternfly/react-core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Link } from '@tanstack/react-router';
import { useRef } from 'react';
import { ProblemAlert, useProblemText } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { Bytes, Duration, Name } from '../../../ui/Words';
import { HashDiffers, type Row } from './send';
import { cancel, finish, forget, goOn, type Upload } from './store';

const ROW = 28;

function useReason(): (error: unknown) => string {
  const t = useT();
  const text = useProblemText();
  return (error) => {
    if (error instanceof HashDiffers) return t('evidence.upload.hashDiffers');
    if (error instanceof Error && error.name === 'Error') return t('evidence.upload.unreadable');
    return text(error);
  };
}

function FileRow({ row }: { row: Row }) {
  const reason = useReason();
  return (
    <>
      <span role="cell" className="file-path">
        <Name of={row.path} />
      </span>
      <span role="cell" className="end num">
        <Bytes of={row.size} />
      </span>
      <span role="cell" className={row.state === 'failed' ? 'danger' : undefined}>
        {row.state === 'sending' && row.size > 0 ? (
          <T id="evidence.upload.part" values={{ part: row.sent / row.size }} />
        ) : (
          <T id={`evidence.upload.state.${row.state}`} />
        )}
        {row.error !== null && <>: {reason(row.error)}</>}
      </span>
    </>
  );
}

// Every file with its state; of a hundred thousand only those in sight are drawn.
function Files({ rows }: { rows: readonly Row[] }) {
  const t = useT();
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: () => ROW, overscan: 8 });
  return (
    <div ref={box} className="scroll files" tabIndex={0} role="region" aria-label={t('evidence.upload.list')}>
      <div role="table" aria-rowcount={rows.length + 1} aria-label={t('evidence.upload.list')}>
        <div role="rowgroup">
          <div role="row" aria-rowindex={1} className="file-row file-head">
            {['path', 'size', 'state'].map((c) => (
              <span key={c} role="columnheader" className={c === 'size' ? 'end' : undefined}>
                <T id={`evidence.upload.column.${c}`} />
              </span>
            ))}
          </div>
        </div>
        <div role="rowgroup" className="list-all" style={{ blockSize: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((v) => (
            <div key={v.key} role="row" aria-rowindex={v.index + 2} className="file-row file-at" style={{ transform: `translateY(${v.start}px)`, blockSize: ROW }}>
              <FileRow row={rows[v.index]!} />
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}

function Acts({ upload }: { upload: Upload }) {
  const { phase, failed } = upload;
  if (phase === 'sending') {
    return (
      <Button variant="secondary" size="sm" onClick={cancel}>
        <T id="ui.cancel" />
      </Button>
    );
  }
  if (phase === 'finishing') return null;
  return (
    <>
      {(phase === 'stopped' || phase === 'cancelled') && (
        <Button size="sm" onClick={goOn}>
          <T id="evidence.upload.goOn" />
        </Button>
      )}
      {phase === 'stopped' && failed > 0 && (
        <Button size="sm" variant="secondary" onClick={() => void finish()}>
          <T id="evidence.upload.without" values={{ n: failed }} />
        </Button>
      )}
      {phase !== 'stopped' && (
        <Button size="sm" variant="secondary" onClick={forget}>
          <T id="evidence.upload.another" />
        </Button>
      )}
    </>
  );
}

export function Sending({ upload }: { upload: Upload }) {
  const t = useT();
  const { phase, rows, bytes, sent, perSecond, secondsLeft, failed, error } = upload;
  const done = rows.filter((r) => r.state === 'done').length;
  return (
    <>
      <div className="pad">
        {error !== null && <ProblemAlert error={error} />}
        {phase === 'finished' && (
          <Alert
            variant="success"
            isInline
            className="below"
            title={t('evidence.upload.finished')}
            actionLinks={
              <Link to="/cases/$case" params={{ case: upload.caseId }}>
                <T id="evidence.upload.watch" />
              </Link>
            }
          />
        )}
        <Progress size="sm" aria-label={t('evidence.upload.progress')} value={bytes > 0 ? Math.floor((sent / bytes) * 100) : done === rows.length ? 100 : 0} />
        <div className="upload-line above">
          <span role="status">
            <T id={`evidence.upload.phase.${phase}`} />
          </span>
          <span className="num">
            <T
              id="evidence.upload.count"
              values={{ done, n: rows.length, sent: <Bytes key="s" of={sent} />, bytes: <Bytes key="b" of={bytes} /> }}
            />
          </span>
          {phase === 'sending' && (
            <span className="num">
              <T id="evidence.upload.speed" values={{ speed: <Bytes key="s" of={perSecond} /> }} />
              {secondsLeft !== null && (
                <>
                  {' '}
                  · <T id="evidence.upload.left" values={{ time: <Duration key="d" seconds={secondsLeft} /> }} />
                </>
              )}
            </span>
          )}
          {failed > 0 && (
            <span className="danger num">
              <T id="evidence.upload.failed" values={{ n: failed }} />
            </span>
          )}
          <span className="grow" />
          <Acts upload={upload} />
        </div>
      </div>
      <Files rows={rows} />
    </>
  );
}
