// The label of a record, and its change: behind a wall, or back.
import { Button } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { records, type Rec } from '../../../api/records';
import { Label } from '../../../app/case/Label';
import { T } from '../../../ui/i18n';

const LabelDialog = lazy(() => import('../../../app/case/LabelDialog'));

export function RecordLabel({ record, etag }: { record: Rec; etag: string }) {
  const [open, setOpen] = useState(false);
  const label = useQuery({ queryKey: ['record-label', record.code, record.version], queryFn: ({ signal }) => records.label(record.code, signal) }).data;
  if (!label) return null;
  return (
    <>
      <Label of={label} />
      {(label.may_raise || label.may_lower) && (
        <Button variant="link" isInline size="sm" onClick={() => setOpen(true)}>
          <T id="app.label.change" />
        </Button>
      )}
      {open && (
        <Suspense fallback={null}>
          <LabelDialog label={label} set={(to) => records.setLabel(record.code, to, etag)} along={(to, signal) => records.labelAlong(record.code, to, signal)} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
