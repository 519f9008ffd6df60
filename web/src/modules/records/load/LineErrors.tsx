import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { Kind } from '../../../api/kinds';
import type { LineError } from '../../../api/records';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { visible } from '../../../ui/text';
import { topOf } from '../declare/check';

const ROW = 30;
const COLUMNS = ['line', 'field', 'value', 'message'] as const;

// What is wrong with a file, line by line: all of it is there, only what is in sight is drawn.
export function LineErrors({ kind, errors }: { kind: Kind; errors: readonly LineError[] }) {
  const t = useT();
  const label = useLabel();
  const list = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: errors.length, getScrollElement: () => list.current, estimateSize: () => ROW, overscan: 6, paddingStart: ROW });
  return (
    <div ref={list} className="scroll line-errors" tabIndex={0} role="table" aria-label={t('records.load.errors')} aria-rowcount={errors.length + 1}>
      <div role="presentation" className="line-errors-all" style={{ blockSize: virtual.getTotalSize() }}>
        <div role="rowgroup" className="line-errors-head">
          <div role="row" aria-rowindex={1} className="line-error">
            {COLUMNS.map((c) => (
              <div key={c} role="columnheader">
                <T id={`records.load.${c}`} />
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup">
          {virtual.getVirtualItems().map((r) => {
            const e = errors[r.index]!;
            const text = label(e.message);
            return (
              <div key={r.key} role="row" aria-rowindex={r.index + 2} className="line-error line-error-data" style={{ transform: `translateY(${r.start}px)`, blockSize: ROW }}>
                <div role="cell" className="num">
                  {e.line}
                </div>
                <div role="cell">{label(kind.fields.find((f) => f.name === topOf(e.field))) || e.field}</div>
                <div role="cell" className="mono">
                  <bdi>{visible(String(e.value ?? ''))}</bdi>
                </div>
                <div role="cell" title={text}>
                  {text}
                </div>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
