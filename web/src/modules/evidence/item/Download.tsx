import { Alert, Button } from '@patternfly/react-core';
import { useState } from 'react';
import { isProblem } from '../../../api/client';
import { items } from '../../../api/server';
import type { Item } from '../../../api/types';
import { useMissing } from '../../../app/missing';
import { useProblemText } from '../../../app/problem';
import { useMay } from '../../../app/session';
import { AskSecond } from '../../../app/second/AskSecond';
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
  const [said, setSaid] = useState('');
  const missing = useMissing();
  const fetchOriginal = (reason: string) => {
    setSaid(reason);
    setAsking(false);
    setBusy(true);
    setError(null);
    missing(() => items.original(item.id, reason))
      .then(({ blob, name }) => save(blob, name))
      .catch(setError)
      .finally(() => setBusy(false));
  };
  if (!may('evidence.original')) return null;
  const second = isProblem(error, 403) && error.code === 'second_person' ? error : null;
  return (
    <>
      {second && <AskSecond problem={second} reason={said} />}
      {error !== null && !second && <Alert variant="danger" isInline isPlain title={text(error)} />}
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
