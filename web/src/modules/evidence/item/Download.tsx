import { Alert, Button } from '@patternfly/react-core';
import { useState } from 'react';
import { items } from '../../../api/server';
import type { Item } from '../../../api/types';
import { useProblemText } from '../../../app/problem';
import { useMay } from '../../../app/session';
import { ReasonDialog } from '../../../ui/ReasonDialog';
import { T, useT } from '../../../ui/i18n';
import { useBytes } from '../../../ui/Words';

function save(blob: Blob, name: string) {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

// The original leaves the office only with a reason, which goes to the ledger before the first byte comes.
export function Download({ item }: { item: Item }) {
  const t = useT();
  const may = useMay();
  const bytes = useBytes();
  const text = useProblemText();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const fetchOriginal = (reason: string) => {
    setAsking(false);
    setBusy(true);
    setError(null);
    items
      .original(item.id, reason)
      .then(({ blob, name }) => save(blob, name))
      .catch(setError)
      .finally(() => setBusy(false));
  };
  if (!may('evidence.original')) return null;
  return (
    <>
      {error !== null && <Alert variant="danger" isInline isPlain title={text(error)} />}
      <Button variant="secondary" size="sm" isLoading={busy} isDisabled={busy} onClick={() => setAsking(true)}>
        <T id="evidence.item.download" />
      </Button>
      {asking && (
        <ReasonDialog title={t('evidence.item.downloadTitle')} act={t('evidence.item.downloadAct')} onAct={fetchOriginal} onClose={() => setAsking(false)}>
          <p className="below">
            <T id="evidence.item.downloadBody" values={{ size: bytes(item.size) }} />
          </p>
        </ReasonDialog>
      )}
    </>
  );
}
