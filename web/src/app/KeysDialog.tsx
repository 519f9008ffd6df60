// The keys, read from the same table that makes them work.
import { Checkbox, Modal, ModalBody, ModalHeader } from '@patternfly/react-core';
import { Fragment } from 'react';
import { T, useT } from '../ui/i18n';
import type { Action } from './module';
import { usePrefs } from './prefs';

const SHOWN: Record<string, string> = { ArrowDown: '↓', ArrowUp: '↑', ArrowLeft: '←', ArrowRight: '→', Enter: '↵', Escape: 'Esc', PageDown: 'PgDn', PageUp: 'PgUp', ' ': '␣' };

export default function KeysDialog({ table, onClose }: { table: readonly Action[]; onClose: () => void }) {
  const t = useT();
  const { keys, setKeys } = usePrefs();
  const groups = [...new Set(table.map((a) => a.group))];
  return (
    <Modal variant="small" isOpen onClose={onClose} aria-labelledby="keys-title">
      <ModalHeader title={t('app.keys.title')} labelId="keys-title" />
      <ModalBody>
        <table className="dt">
          <tbody>
            {groups.map((g) => (
              <Fragment key={g}>
                <tr>
                  <th scope="colgroup" colSpan={2} className="group">
                    <T id={g} />
                  </th>
                </tr>
                {table
                  .filter((a) => a.group === g)
                  .map((a) => (
                    <tr key={a.id}>
                      <th scope="row" className="keys">
                        {[...a.keys, ...(a.listKeys ?? [])].map((k) => (
                          <kbd key={k}>{SHOWN[k] ?? k}</kbd>
                        ))}
                      </th>
                      <td>
                        <T id={a.label} />
                      </td>
                    </tr>
                  ))}
              </Fragment>
            ))}
          </tbody>
        </table>
        <Checkbox id="single-keys" className="above" label={t('app.keys.on')} description={t('app.keys.hint')} isChecked={keys} onChange={(_, on) => setKeys(on)} />
      </ModalBody>
    </Modal>
  );
}
