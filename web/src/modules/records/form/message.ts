import { useCallback } from 'react';
import { useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import type { Message } from '../declare/check';

// What is wrong, in words; of a line of a table, with the number of the line.
export function useMessage(): (message: Message, field?: string) => string {
  const t = useT();
  const label = useLabel();
  return useCallback(
    (message, field = '') => {
      const text = 'id' in message ? t(message.id, message.values) : label(message);
      const line = /\[(\d+)\]/.exec(field);
      return line ? t('records.wrong.line', { n: Number(line[1]) + 1, text }) : text;
    },
    [t, label],
  );
}
