// Words that data brings along in both languages.
import { useCallback } from 'react';
import { useIntl } from 'react-intl';

export type Label = { en: string; fr: string };

export function useLabel(): (label: Label | undefined) => string {
  const { locale } = useIntl();
  return useCallback((label) => (label ? (locale.startsWith('fr') ? label.fr : label.en) : ''), [locale]);
}
