import { Button, TextInput } from '@patternfly/react-core';
import { useState, type FormEvent } from 'react';
import type { LedgerFilter } from '../../../api/types';
import { T, useT } from '../../../ui/i18n';
import { asked, NO_FILTER } from './asked';

const TEXT = ['who', 'act', 'object'] as const;
const DAYS = ['from', 'to'] as const;

export function Filter({ onFilter }: { onFilter: (filter: LedgerFilter) => void }) {
  const t = useT();
  const [draft, setDraft] = useState(NO_FILTER);
  const send = (e: FormEvent) => {
    e.preventDefault();
    onFilter(asked(draft));
  };
  const clear = () => {
    setDraft(NO_FILTER);
    onFilter(NO_FILTER);
  };
  return (
    <form className="ledger-filter" role="search" aria-label={t('admin.ledger.filter')} onSubmit={send}>
      {[...TEXT, ...DAYS].map((name) => (
        <div key={name} className="ledger-field">
          <label htmlFor={`ledger-${name}`}>
            <T id={`admin.ledger.${name}`} />
          </label>
          <TextInput
            id={`ledger-${name}`}
            type={name === 'from' || name === 'to' ? 'date' : 'text'}
            autoComplete="off"
            value={draft[name]}
            onChange={(_, v) => setDraft({ ...draft, [name]: v })}
          />
        </div>
      ))}
      <Button type="submit" size="sm" variant="secondary">
        <T id="admin.ledger.apply" />
      </Button>
      <Button size="sm" variant="link" onClick={clear}>
        <T id="admin.ledger.clear" />
      </Button>
    </form>
  );
}
