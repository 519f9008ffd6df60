import { useCallback, type ReactNode } from 'react';
import { FormattedMessage, useIntl, type MessageDescriptor, type PrimitiveType } from 'react-intl';

export type Values = Record<string, PrimitiveType>;

// A message by its id, as text.
export function useT(): (id: string, values?: Values) => string {
  const intl = useIntl();
  return useCallback((id, values) => intl.formatMessage({ id }, values), [intl]);
}

// A message by its id, or the word itself where there is none: for words of data, such as reasons and types.
export function useWord(): (space: string, word: string) => string {
  const intl = useIntl();
  return (space, word) => (intl.messages[`${space}.${word}`] ? intl.formatMessage({ id: `${space}.${word}` }) : word);
}

export function T({ id, values }: { id: string; values?: Record<string, PrimitiveType | ReactNode> }) {
  return <FormattedMessage id={id as NonNullable<MessageDescriptor['id']>} values={values as never} />;
}
